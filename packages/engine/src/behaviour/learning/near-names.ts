/** Last parts of names that only a cluster, a container network or a house resolves. */
const LOCAL = /\.(?:local|internal|svc|cluster|localdomain|lan|home|intranet|corp|podman|docker|consul|containers)$/;
/** Classes of addresses that nobody named, as `peerObject` writes them. */
const CLASSES = new Set(['internet', 'private', 'link-local', 'multicast', 'unknown']);

/**
 * Whether a peer, `name:port/TCP`, is one by a name that is resolved nearby, or the container itself: whoever wants to get
 * out calls an address, or a name that the world knows.
 */
export function isNear(object: string): boolean {
  const host = object.slice(0, object.lastIndexOf(':'));
  if (host === 'loopback') return true;
  if (CLASSES.has(host) || /^[\d.]+$/.test(host) || host.includes(':')) return false;
  return !host.includes('.') || isLocalName(host);
}

/** Whether a name ends as names of a cluster or a container network do. */
export const isLocalName = (name: string): boolean => LOCAL.test(name);
