import type { Exception, RuntimeEvent } from '@breakwater/model';
import { findException } from '../exceptions.ts';

/**
 * The exception that covers an alert which somebody else raised, by its policy's name and what the event tells: sensors
 * do not know of exceptions that were made after they started.
 */
export function exceptionOfAlert(event: RuntimeEvent, exceptions: readonly Exception[]): Exception | undefined {
  const { alert, pod, container, process: actor, file, peer, request } = event;
  if (alert === undefined || exceptions.length === 0) return undefined;
  const name = pod?.workload ?? pod?.name ?? container?.name ?? '';
  const subject = {
    kind: '',
    runs: false,
    name,
    namespace: pod?.namespace ?? '',
    labels: pod?.labels ?? {},
    oldLabels: {},
    group: '',
    operation: 'CREATE',
    subresource: '',
    event: alert.about ?? event.type,
    policy: alert.rule,
    id: pod === undefined ? name : `${pod.cluster ?? 'default'}/${pod.namespace}/${pod.workloadKind ?? 'Pod'}/${name}`,
    controllers: [],
    images: container?.image === undefined ? [] : [[container.image]],
    vulnerabilities: [],
    processes: actor === undefined || actor.path === '' ? [] : [actor.path],
    actors: request === undefined ? [] : [request.user],
    paths: file === undefined ? [] : [file.path],
    peers: peer === undefined ? [] : ends(peer).map((end) => `${end}:${peer.port}`),
  };
  return findException(exceptions, subject, event.time);
}

const ends = ({ address, name }: NonNullable<RuntimeEvent['peer']>): string[] =>
  [address, name ?? ''].filter((end) => end !== '');
