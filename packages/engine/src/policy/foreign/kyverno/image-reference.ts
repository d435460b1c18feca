import { Opaque } from '../../cel/values.ts';

const DEFAULT_REGISTRY = 'index.docker.io';
const REPOSITORY = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-fA-F0-9]{32,}$/;

/** A reference of an image in its parts, as Kyverno's libraries show them. */
export class ImageReference extends Opaque {
  readonly $kind = 'kyverno.Image';
  readonly $registry: string;
  readonly $repository: string;
  readonly $tag: string;
  readonly $digest: string;

  constructor(registry: string, repository: string, tag: string, digest: string) {
    super();
    this.$registry = registry;
    this.$repository = repository;
    this.$tag = tag;
    this.$digest = digest;
  }

  /** Tag or digest. */
  get $identifier(): string {
    return this.$digest === '' ? this.$tag : this.$digest;
  }

  get $text(): string {
    const separator = this.$digest === '' ? ':' : '@';
    return `${this.$registry}/${this.$repository}${separator}${this.$identifier}`;
  }

  $equals(other: Opaque): boolean {
    return other instanceof ImageReference && other.$text === this.$text;
  }
}

/** Reads a reference; without a registry it is Docker Hub's, without tag and digest it is `latest`. Undefined for none. */
export function parseImageReference(text: string, registryByDefault = DEFAULT_REGISTRY): ImageReference | undefined {
  if (text.length > 1_000) return undefined;
  const at = text.indexOf('@');
  const digest = at < 0 ? '' : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : '';
  const path = hasTag ? named.slice(0, colon) : named;
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(0, slash));
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  const registry = hasRegistry ? first : registryByDefault;
  const rest = hasRegistry ? path.slice(slash + 1) : path;
  const isOfficial = !hasRegistry && !rest.includes('/') && registryByDefault === DEFAULT_REGISTRY;
  if (!REPOSITORY.test(rest) || (hasTag && !TAG.test(tag)) || (at >= 0 && !DIGEST.test(digest))) return undefined;
  const identified = tag !== '' || digest !== '';
  return new ImageReference(registry, isOfficial ? `library/${rest}` : rest, identified ? tag : 'latest', digest);
}
