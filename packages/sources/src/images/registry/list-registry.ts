import type { IncomingHttpHeaders } from 'node:http';
import { UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';
import { connectRegistry, type RegistryOptions, upstreamOf } from './connect-registry.ts';
import { isRegistry, isRepository, isTag, parseReference, type Reference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';

export interface ListOptions extends RegistryOptions {
  signal?: AbortSignal;
  /** Told of each listed name that can name nothing, and is left out therefore; cut to 200 characters. */
  onRefused?: (name: string) => void;
}

/** Names asked for at a time: registries that allow fewer give fewer. */
const PAGE = 100;
/** A list with more pages than this never ends. */
const MOST_PAGES = 10_000;
const LONGEST_SHOWN = 200;

const Names = z.array(z.string());
const Repositories = z.object({ repositories: Names.nullish() });
const Tags = z.object({ tags: Names.nullish() });

/**
 * Names of all repositories of a registry (`GET /v2/_catalog`, an extension that Docker's registry, Harbor, Nexus,
 * Artifactory and others answer; Docker Hub, GHCR and most of the cloud do not: `UserError` `catalogue-missing` or
 * `registry-refused`). Page by page, as they are asked for; also throws `UpstreamError`.
 */
export async function* listRepositories(registry: string, options: ListOptions = {}): AsyncGenerator<string> {
  if (!isRegistry(registry)) throw notNamed(registry, 'a registry', 'registry.example:5000');
  const names = listNames({ registry }, '/v2/_catalog', (body) => Repositories.parse(body).repositories, options);
  for await (const name of names) {
    if (isRepository(name)) yield name;
    else options.onRefused?.(name.slice(0, LONGEST_SHOWN));
  }
}

/** The tags of a repository (`GET /v2/NAME/tags/list`); tag and digest of the reference do not matter. Throws alike. */
export async function* listTags(reference: string | Reference, options: ListOptions = {}): AsyncGenerator<string> {
  const place = referenceOf(reference);
  const path = `/v2/${place.repository}/tags/list`;
  for await (const name of listNames(place, path, (body) => Tags.parse(body).tags, options)) {
    if (isTag(name)) yield name;
    else options.onRefused?.(name.slice(0, LONGEST_SHOWN));
  }
}

/** The reference that is meant; throws `UserError` where a text is none. */
export function referenceOf(reference: string | Reference): Reference {
  const found = typeof reference === 'string' ? parseReference(reference) : reference;
  if (found === undefined) throw notNamed(String(reference), 'an image', 'registry.example/team/app:1');
  return found;
}

async function* listNames(
  place: { registry: string; repository?: string },
  path: string,
  parse: (body: unknown) => string[] | null | undefined,
  options: ListOptions,
): AsyncGenerator<string> {
  const signal = options.signal ?? new AbortController().signal;
  try {
    const client = await connectRegistry(place, { ...options, signal });
    for await (const body of readPages(client, place.registry, `${path}?n=${PAGE}`)) yield* parse(body) ?? [];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof z.ZodError) throw unreadable(place.registry, 'it holds no names');
    throw upstreamOf(error, place.registry);
  }
}

/** The pages of a list as JSON, from the one at a path on. Throws `UpstreamError` where they never end. */
export async function* readPages(client: RegistryClient, registry: string, start: string): AsyncGenerator<unknown> {
  const seen = new Set<string>();
  for (let path: string | undefined = start; path !== undefined; ) {
    if (seen.has(path)) throw unreadable(registry, 'its pages lead in circles');
    if (seen.size === MOST_PAGES) throw unreadable(registry, `it has more than ${MOST_PAGES} pages`);
    seen.add(path);
    const { bytes, headers } = await client.page(path);
    yield parseJson(bytes, registry);
    path = nextPage(headers, path);
  }
}

/**
 * The path of the next page (`Link: </v2/...>; rel="next"`, RFC 8288). Of an address with a host only path and query
 * are used: registries behind a proxy name hosts that are not theirs, and none may send us elsewhere.
 */
function nextPage({ link }: IncomingHttpHeaders, path: string): string | undefined {
  const header = Array.isArray(link) ? link.join(', ') : link;
  const target = /<([^<>]{1,4096})>\s*;[^<]{0,200}\brel="?next\b/i.exec(header ?? '')?.[1];
  const url = target === undefined ? null : URL.parse(target, `https://registry.invalid${path}`);
  return url?.pathname.startsWith('/v2/') ? `${url.pathname}${url.search}` : undefined;
}

function parseJson(bytes: Buffer, registry: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw unreadable(registry, 'it is no JSON');
  }
}

/** A list that has a wrong form. */
export function unreadable(registry: string, why: string): UpstreamError {
  return new UpstreamError(`A list of ${registry} cannot be read: ${why}`, { code: 'registry-list-unreadable' });
}

function notNamed(text: string, what: string, example: string): UserError {
  return new UserError(`"${text.slice(0, LONGEST_SHOWN)}" does not name ${what}`, {
    code: 'reference-malformed',
    hint: `write it as ${example}`,
  });
}
