/** The name of an image in a registry (distribution/reference: `registry/repository:tag@digest`). */
export interface Reference {
  /** Host with its port, `ghcr.io`, `localhost:5000`; Docker Hub is `docker.io`. */
  registry: string;
  /** `library/nginx`. */
  repository: string;
  /** Absent where only a digest is given. */
  tag?: string;
  /** `sha256:...`: what counts, where it is given beside a tag. */
  digest?: string;
}

const LONGEST_NAME = 255;
const HOST =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;
const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** A name without tag and digest that ends so was meant to be a file. */
const FILE = /\.(?:tar|tgz|gz|zst|xz|zip|oci|json|jsonl|ndjson|ya?ml|xml|spdx|cdx|sbom|csv|log|txt|lock|toml)$/i;

/** Parses a name as Docker does, with its defaults (`nginx` is `docker.io/library/nginx:latest`); undefined where it is none. */
export function parseReference(target: string): Reference | undefined {
  if (target.length > LONGEST_NAME + 200) return undefined;
  const at = target.indexOf('@');
  const digest = at === -1 ? undefined : target.slice(at + 1);
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  const named = at === -1 ? target : target.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const name = splitName(tagged ? named.slice(0, colon) : named);
  if (name === undefined) return undefined;
  if (digest !== undefined) return { ...name, ...(tag !== undefined && { tag }), digest };
  return { ...name, tag: tag ?? 'latest' };
}

/** Whether a target that is no path can be the name of an image in a registry. Names of files (`image.tar`) are none. */
export function looksLikeReference(target: string): boolean {
  const reference = parseReference(target);
  if (reference === undefined) return false;
  return reference.digest !== undefined || target.endsWith(`:${reference.tag}`) || !FILE.test(target);
}

/** The reference in full: `docker.io/library/nginx:1.25@sha256:...`. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Whether a text can name a repository: `library/nginx`. */
export function isRepository(text: string): boolean {
  return text.length <= LONGEST_NAME && text.split('/').every((part) => PART.test(part));
}

/** Whether a text can be a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Whether a text can name a registry: a host, with its port where it has one. */
export function isRegistry(text: string): boolean {
  return HOST.test(text);
}

/** The host that serves a registry: Docker Hub's is not the one in its names. */
export function serverOf(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

function splitName(name: string): { registry: string; repository: string } | undefined {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = /[.:A-Z]/.test(first) || first === 'localhost';
  const host = isHost ? first : 'docker.io';
  const registry = host === 'index.docker.io' ? 'docker.io' : host;
  const path = isHost ? name.slice(slash + 1) : name;
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const whole = isRegistry(registry) && isRepository(repository);
  return whole ? { registry, repository } : undefined;
}
