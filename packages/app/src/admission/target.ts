import { CelUnknown, Facts } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';
import type { Judging } from './judging.ts';

/**
 * The pod that somebody wants to connect to, as the facts `workload` and `containers`: as the API server has it now where
 * it can be asked, for another pod may have its name by now, else as the snapshot has it. Undecided where it is not known.
 * The container that is meant is `object.container`, empty for the first.
 */
export function targetOf(judging: Judging): Record<string, unknown> {
  const { request, now } = judging;
  if (request.resource.resource !== 'pods') return {};
  const pod = podOf(judging);
  if (!pod) return { workload: new CelUnknown(['workload']), containers: new CelUnknown(['containers']) };
  const facts = new Facts({ id: request.name, object: { apiVersion: 'v1', kind: 'Pod', ...pod } }, now);
  return { workload: facts.workload, containers: facts.containers };
}

/** The pod that a connection is to; null where it is to none, undefined where it is not known. */
export function podOf({ request, basis, questions }: Judging): JsonObject | null | undefined {
  const { namespace, name, resource } = request;
  if (resource.resource !== 'pods') return null;
  const current = questions.object('Pod', namespace, name);
  return current === undefined ? basis.pod(namespace, name) : current;
}
