import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import type { AlertScope } from './state.ts';

/** Everything that an alert is about, named as closely as it is known: who did what to whom. */
export function scopeOf(
  { pod, container, process: actor, file, peer, request }: RuntimeEvent,
  subject: string,
): AlertScope {
  const workload = pod === undefined ? undefined : subject.slice(subject.lastIndexOf('/') + 1);
  const isImage = pod === undefined && container?.image !== undefined;
  return {
    ...(pod !== undefined && { namespaces: [pod.namespace] }),
    ...(workload !== undefined && { workloads: [workload] }),
    ...(isImage && container.image !== undefined && { images: [container.image] }),
    ...(pod === undefined && !isImage && container?.name !== undefined && { workloads: [container.name] }),
    ...(actor !== undefined && actor.path !== '' && { processes: [programOf(actor)] }),
    ...(file !== undefined && file.path !== '' && { paths: [file.path] }),
    ...(peer !== undefined && { peers: [`${peer.name ?? peer.address}:${peer.port}`] }),
    ...(request !== undefined && { actors: [request.user] }),
  };
}

/** Of many programs in one file the one that acted: what is expected of `cat` is not of all that busybox can do. */
const programOf = ({ path, applet }: EventProcess): string => (applet === undefined ? path : `${path} (${applet})`);
