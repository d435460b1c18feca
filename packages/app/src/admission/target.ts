import { CelUnknown, Facts } from '@breakwater/engine/policy';
import type { Judging } from './judging.ts';

/**
 * The pod that somebody wants to connect to, as the facts `workload` and `containers`: as the API server has it now where
 * it can be asked, for another pod may have its name by now, else as the snapshot has it. Undecided where it is not known. The container that is meant is `object.container`, empty for the first.
 */
export function targetOf({ request, basis, questions, now }: Judging): Record<string, unknown> {
  if (request.resource.resource !== 'pods') return {};
  const { namespace, name } = request;
  const current = questions.object('Pod', namespace, name);
  const pod = current === undefined ? basis.pod(namespace, name) : current;
  if (!pod) return { workload: new CelUnknown(['workload']), containers: new CelUnknown(['containers']) };
  const facts = new Facts({ id: name, object: { apiVersion: 'v1', kind: 'Pod', ...pod } }, now);
  return { workload: facts.workload, containers: facts.containers };
}
