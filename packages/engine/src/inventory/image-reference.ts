/** A reference to an image, normalised: `redis` is `docker.io`, `library/redis`. */
export interface ImageReference {
  registry: string;
  repository: string;
  tag?: string;
  digest?: string;
}

const MAX_LENGTH = 4096;
const DOMAIN =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/**
 * Reads an image reference by the grammar of the distribution project (`reference.Parse` and its normalisation in Docker);
 * undefined for what is none, as an unfilled template.
 */
export function imageReference(text: string): ImageReference | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [named, digest, ...more] = text.trim().split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const colon = named!.lastIndexOf(':');
  const hasTag = colon > named!.lastIndexOf('/');
  const tag = hasTag ? named!.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const name = splitName(hasTag ? named!.slice(0, colon) : named!);
  if (name === undefined) return undefined;
  return { ...name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function splitName(name: string): { registry: string; repository: string } | undefined {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasDomain = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = hasDomain ? first : 'docker.io';
  const path = hasDomain ? name.slice(slash + 1) : name;
  if (!DOMAIN.test(registry) || !path.split('/').every((component) => PATH_COMPONENT.test(component))) return undefined;
  if (registry !== 'docker.io' && registry !== 'index.docker.io') return { registry, repository: path };
  return { registry: 'docker.io', repository: path.includes('/') ? path : `library/${path}` };
}

/**
 * What two references have in common that name one image: name and tag, or name and digest where there is no tag;
 * undefined for what is no reference. The registries that builders put in front of local images (`docker.io/library`,
 * `localhost`) are left out: `redis`, `docker.io/library/redis:latest` and `localhost/redis` have the key `redis:latest`.
 */
export function imageKey(text: string): string | undefined {
  const reference = imageReference(text);
  if (reference === undefined) return undefined;
  const { registry, repository, tag, digest } = reference;
  const local = registry === 'docker.io' || registry === 'localhost';
  const name = local ? repository.replace(/^library\//, '') : `${registry}/${repository}`;
  return tag === undefined && digest !== undefined ? `${name}@${digest}` : `${name}:${tag ?? 'latest'}`;
}
