import type { NeuvectorCriterion } from '@breakwater/model/foreign';
import { imageReference } from '../../../inventory/image-reference.ts';
import type { Answer } from '../three-valued.ts';
import { matchesWildcard } from '../wildcard.ts';
import { meetsSet } from './operators.ts';

/** Names under which NeuVector knows Docker's registry. */
const DOCKER = new Set([
  'docker.io',
  'dockerhub',
  'index.docker.io',
  'registry.hub.docker.com',
  'registry-1.docker.io',
]);

/** A registry without protocol and slash, and by one name where it has several. */
function registryOf(text: string): string {
  const host = text
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .toLowerCase();
  return DOCKER.has(host) ? 'docker.io' : host;
}

const matchesRegistry = (wanted: string, found: string): boolean => matchesWildcard(registryOf(wanted), found);

/** Holds a criterion against the registry that an image comes from; of what is no reference nothing is met. */
export function meetsRegistry(criterion: NeuvectorCriterion, image: string): Answer {
  const reference = imageReference(image);
  return reference !== undefined && meetsSet(criterion, [registryOf(reference.registry)], matchesRegistry);
}

/** Holds a criterion against the names of an image: with or without registry, tag or digest, as the criterion has them. */
export function meetsImage(criterion: NeuvectorCriterion, image: string): Answer {
  const reference = imageReference(image);
  if (reference === undefined) return false;
  const { registry, repository, tag, digest } = reference;
  const end = digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`;
  return meetsSet(criterion, [''], (wanted) => {
    const written = wanted.replace(/^https?:\/\//, '');
    const first = written.split('/', 1)[0] ?? '';
    const hasRegistry = written.includes('/') && (/[.:]/.test(first) || first === 'localhost');
    const name = hasRegistry ? written.slice(first.length + 1) : written;
    const hasEnd = name.includes(':') || name.includes('@');
    if (hasRegistry && !matchesRegistry(first, registryOf(registry))) return false;
    return [repository, repository.replace(/^library\//, '')].some((own) =>
      matchesWildcard(name.toLowerCase(), (hasEnd ? own + end : own).toLowerCase()),
    );
  });
}
