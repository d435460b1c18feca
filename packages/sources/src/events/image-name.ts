const DIGEST = /sha256:[0-9a-f]{64}$/;

/** Takes the digest out of `docker-pullable://quay.io/a/b@sha256:...`, `a/b@sha256:...` or `sha256:...`. */
export function imageDigestOf(id: string | undefined): string | undefined {
  if (id === undefined || id.length < 71) return undefined;
  const digest = id.slice(-71);
  return DIGEST.test(digest) ? digest : undefined;
}

/** An image id or name without the scheme of the runtime: `docker-pullable://nginx@sha256:...` is `nginx@sha256:...`. */
export function withoutScheme(id: string): string {
  const scheme = id.indexOf('://');
  return scheme < 0 ? id : id.slice(scheme + 3);
}
