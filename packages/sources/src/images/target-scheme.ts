/**
 * Where a target is to be looked for, where its name says so: `docker:shop/cart:2`, `container:web`. A scheme counts
 * before everything else: an image that is called like one is written in full (`docker.io/library/docker:27`).
 */
export type Scheme = (typeof SCHEMES)[number];

const SCHEMES = [
  'docker',
  'podman',
  'containers-storage',
  'docker-storage',
  'container',
  'registry',
  'repository',
  'rootfs',
] as const;

/** Splits the scheme from the rest; undefined where a target has none. */
export function splitScheme(target: string): { scheme: Scheme; name: string } | undefined {
  const colon = target.indexOf(':');
  const scheme = SCHEMES.find((name) => name === target.slice(0, colon));
  return scheme === undefined || colon + 1 === target.length ? undefined : { scheme, name: target.slice(colon + 1) };
}
