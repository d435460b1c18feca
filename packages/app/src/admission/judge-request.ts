import { Authorizer, findFaults, type PolicySubject } from '@breakwater/engine/policy';
import { type JsonObject, type PolicyResult, workloadId } from '@breakwater/model';
import type { AdmissionRequest } from './admission-request.ts';
import type { Candidates } from './basis.ts';
import type { Judging } from './judging.ts';
import { targetOf } from './target.ts';

/** What policies in force say of a request, without what passed. */
export function judgeRequest(judging: Judging): PolicyResult[] {
  const { request, basis, now } = judging;
  const candidates = basis.candidates(request.kind.kind, request.operation);
  if (candidates.policies.length === 0) return [];
  const subject = subjectOf(judging, candidates);
  return findFaults(candidates.policies, subject, 'deploy', basis.exceptions, now);
}

/** What policies of those names say of one of the two objects of an update, each with its place inside the object. */
export function judgeAgain(judging: Judging, names: ReadonlySet<string>, object: JsonObject | null): PolicyResult[] {
  const { request, basis, now } = judging;
  const { policies, ...asks } = basis.candidates(request.kind.kind, request.operation);
  const chosen = policies.filter(({ policy }) => names.has(policy.metadata.name));
  const again = { ...judging, request: { ...request, object } };
  const subject = { ...subjectOf(again, { policies: chosen, ...asks }), place: { source: '' } };
  return findFaults(chosen, subject, 'deploy', basis.exceptions, now);
}

/** The name of what is asked for, also while it is still to be generated. */
export function nameOf({ name, object }: AdmissionRequest): string {
  if (name !== '') return name;
  const metadata = (object?.['metadata'] ?? {}) as JsonObject;
  if (typeof metadata['name'] === 'string' && metadata['name'] !== '') return metadata['name'];
  return typeof metadata['generateName'] === 'string' ? metadata['generateName'] : '';
}

function subjectOf(judging: Judging, candidates: Candidates): PolicySubject {
  const { request, basis, settings, questions } = judging;
  const { object, oldObject, namespace, kind } = request;
  const id = workloadId({
    cluster: settings.cluster ?? basis.cluster,
    namespace,
    kind: kind.kind,
    name: nameOf(request),
  });
  const exposure = basis.exposures(id);
  return {
    id,
    namespace,
    ...(object !== null && { object }),
    ...(exposure && { exposure }),
    facts: {
      request: request.shown,
      oldObject,
      namespaceObject: candidates.asksNamespace ? namespaceOf(judging) : undefined,
      authorizer: new Authorizer((asked) => questions.permission(asked)),
      identity: { name: request.userInfo.username, groups: request.userInfo.groups },
      ...(candidates.asksEstate && { estate: basis.estate }),
      ...(request.operation === 'CONNECT' && candidates.asksWorkload && targetOf(judging)),
    },
  };
}

/**
 * The namespace that the request is in, as the API server has it now where it can be asked, else as the snapshot has it:
 * null outside of namespaces, undefined where it is not known.
 */
export function namespaceOf({ request, basis, questions }: Judging): JsonObject | null | undefined {
  const { namespace, kind } = request;
  if (namespace === '' || (kind.kind === 'Namespace' && kind.group === '')) return null;
  const current = questions.object('Namespace', '', namespace);
  return current === undefined ? basis.namespace(namespace) : current;
}
