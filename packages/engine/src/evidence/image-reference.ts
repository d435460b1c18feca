/**
 * One spelling of an image reference without its digest: `nginx` and `docker.io/library/nginx:latest` are the same.
 * Docker's rules: the first part is a registry when it has a dot or a colon, or is `localhost`.
 */
export function canonicalReference(reference: string): string {
  const [name = ''] = reference.split('@');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  const registry = hasRegistry ? first.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  const path = hasRegistry ? name.slice(slash + 1) : name;
  const full = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  return `${registry}/${full}${full.includes(':') ? '' : ':latest'}`;
}

/** Digest that a reference names: `nginx@sha256:...`. */
export function referenceDigest(reference: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
}
