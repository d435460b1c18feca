import { UserError, type WatchedScope } from '@breakwater/model';
import { parseReference } from '@breakwater/sources/images/registry';

/** What of a registry is watched, by the name that commands use. */
export interface NamedScope {
  /** `registry.example:5000/team`. */
  name: string;
  scope: WatchedScope;
}

/** How everything that is named in one command is watched. */
export type WatchSettings = Pick<
  WatchedScope,
  'tags' | 'newest' | 'platform' | 'interval' | 'unsafePlainHttp' | 'unsafeAllowPrivateAddresses'
>;

/** A repository that exists nowhere, to let the grammar of references judge a host. */
const ANY = 'any';

/** `HOST[/PREFIX]` as a scope whose repositories its registry lists. Throws UserError where it names no registry. */
export function scopeOfRegistry(text: string, settings: WatchSettings): NamedScope {
  const [host = '', ...path] = text.replace(/\/+$/, '').split('/');
  const prefix = path.join('/');
  const parsed = isHost(host) ? parseReference(`${host}/${prefix === '' ? ANY : prefix}`) : undefined;
  if (parsed === undefined || parsed.tag !== 'latest' || text.includes('://')) {
    throw new UserError(`'${text.slice(0, 200)}' names no registry.`, {
      code: 'registry-malformed',
      hint: 'Name a host, and a path where not all of it is meant: registry.example:5000/team. Without https://.',
    });
  }
  const scope = { ...settings, registry: parsed.registry, prefix };
  return { name: nameOf(scope), scope };
}

/**
 * The scopes of a list with a repository a line, `ghcr.io/team/app`, or `ghcr.io/team/app:v1.*` for some of its tags;
 * one for each registry. For registries that have no catalogue. Throws UserError for a line that names none.
 */
export function scopesOfList(text: string, settings: WatchSettings): NamedScope[] {
  const byRegistry = new Map<string, Map<string, string[]>>();
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.replace(/#.*$/, '').trim();
    if (entry === '') continue;
    const colon = entry.lastIndexOf(':');
    const tagged = colon > entry.lastIndexOf('/');
    const parsed = parseReference(tagged ? entry.slice(0, colon) : entry);
    const pattern = tagged ? entry.slice(colon + 1) : undefined;
    if (parsed === undefined || parsed.digest !== undefined || (pattern !== undefined && !PATTERN.test(pattern))) {
      throw new UserError(`Line ${index + 1} names no repository: '${entry.slice(0, 200)}'.`, {
        code: 'repository-malformed',
        hint: 'Write one a line: ghcr.io/team/app, or ghcr.io/team/app:v1.* for some of its tags.',
      });
    }
    const repositories = byRegistry.get(parsed.registry) ?? new Map<string, string[]>();
    byRegistry.set(parsed.registry, repositories);
    const patterns = repositories.get(parsed.repository) ?? [];
    repositories.set(parsed.repository, pattern === undefined ? patterns : [...patterns, pattern]);
  }
  return [...byRegistry].map(([registry, repositories]) => ({
    name: `${registry} (list)`,
    scope: {
      ...settings,
      registry,
      prefix: '',
      repositories: [...repositories].map(([name, tags]) => ({ name, tags })),
    },
  }));
}

const PATTERN = /^[\w.*?-]{1,128}$/;

/** Only hosts that look like one: `team/app` would be a repository of Docker Hub. */
function isHost(text: string): boolean {
  return /[.:]/.test(text) || text === 'localhost';
}

const nameOf = ({ registry, prefix }: Pick<WatchedScope, 'registry' | 'prefix'>) =>
  prefix === '' ? registry : `${registry}/${prefix}`;

/** Whether a repository is among those that a scope means. */
export function isInScope({ prefix, repositories }: WatchedScope, repository: string): boolean {
  if (repositories !== undefined) return repositories.some(({ name }) => name === repository);
  return prefix === '' || repository === prefix || repository.startsWith(`${prefix}/`);
}
