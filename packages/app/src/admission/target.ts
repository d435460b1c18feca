import { CelUnknown, Facts } from '@breakwater/engine/policy';
import type { Judging } from './judging.ts';

/**
 * The pod that somebody wants to connect to, as the facts `workload` and `containers`; undecided where the pod is not
 * known. The container that is meant is `object.container`, empty for the first.
 */
export function targetOf({ request, basis, questions, now }: Judging): Record<string, unknown> {
  if (request.resource.resource !== 'pods') return {};
  const { namespace, name } = request;
  const pod = basis.pod(namespace, name) ?? questions.object('Pod', namespace, name);
  if (!pod) return { workload: new CelUnknown(['workload']), containers: new CelUnknown(['containers']) };
  const facts = new Facts({ id: name, object: { apiVersion: 'v1', kind: 'Pod', ...pod } }, now);
  return { workload: facts.workload, containers: facts.containers };
}
