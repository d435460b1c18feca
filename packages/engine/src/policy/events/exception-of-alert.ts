import { type Exception, type RuntimeEvent, subjectWithoutCluster } from '@breakwater/model';
import { findException, namesOfProgram } from '../exceptions.ts';

/**
 * The exception that covers an alert which somebody else raised, by its policy's name and what the event tells: sensors
 * do not know of exceptions that were made after they started. `subject` names the workload of pods.
 */
export function exceptionOfAlert(
  event: RuntimeEvent,
  subject: string,
  exceptions: readonly Exception[],
): Exception | undefined {
  const { alert, pod, container, process: actor, file, peer, request } = event;
  if (alert === undefined || exceptions.length === 0) return undefined;
  const name = pod === undefined ? (container?.name ?? '') : subject.slice(subject.lastIndexOf('/') + 1);
  const concerned = {
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
    id: pod === undefined ? name : `${pod.cluster || 'default'}/${subjectWithoutCluster(subject)}`,
    controllers: [],
    images: container?.image === undefined ? [] : [[container.image]],
    vulnerabilities: [],
    processes: actor === undefined ? [] : namesOfProgram(actor.path, actor.applet),
    actors: request === undefined ? [] : [request.user],
    paths: file === undefined ? [] : [file.path],
    peers: peer === undefined ? [] : ends(peer).map((end) => `${end}:${peer.port}`),
  };
  return findException(exceptions, concerned, event.time);
}

const ends = ({ address, name }: NonNullable<RuntimeEvent['peer']>): string[] =>
  [address, name ?? ''].filter((end) => end !== '');
