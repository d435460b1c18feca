import { readFile } from 'node:fs/promises';
import type { NamedScope, WatchSettings } from '@breakwater/app/registries';
import { UserError } from '@breakwater/model';
import type { Invocation, Option } from './command.ts';
import { readCount } from './options.ts';
import { REGISTRY_OPTIONS } from './registry-reading.ts';

/** Options by which `up` is told what to watch. */
export const WATCH_OPTIONS = {
  registry: { type: 'string', multiple: true, value: 'HOST[/PREFIX]', help: 'Registry to watch, by its catalogue' },
  'images-from': { type: 'string', value: 'FILE', help: 'Repositories to watch, one a line: HOST/REPOSITORY[:TAGS]' },
  tags: { type: 'string', multiple: true, value: 'PATTERN', help: "Tags to follow: 'v*'; '!*-rc*' leaves out" },
  newest: { type: 'string', value: 'N', help: 'Follow only the newest N tags of each repository, by version' },
  'look-every': { type: 'string', value: 'TIME', help: 'Between two looks: 90s, 15m (default), 2h' },
  ...REGISTRY_OPTIONS,
  platform: { type: 'string', value: 'OS/ARCH', help: 'Image of an index to watch (default: of this machine)' },
} satisfies Record<string, Option>;

const DEFAULT_INTERVAL = 15 * 60;
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const LARGEST_LIST = 4 * 1024 * 1024;

/** The registries that an invocation names. Throws UserError for what names none. */
export async function namedScopes(invocation: Invocation): Promise<NamedScope[]> {
  const { options } = invocation;
  const registries = (options['registry'] as string[] | undefined) ?? [];
  const file = options['images-from'] as string | undefined;
  if (registries.length === 0 && file === undefined) return [];
  const { scopeOfRegistry, scopesOfList } = await import('@breakwater/app/registries');
  const settings = settingsOf(invocation);
  const listed = file === undefined ? [] : scopesOfList(await readList(file), settings);
  return [...registries.map((name) => scopeOfRegistry(name, settings)), ...listed];
}

function settingsOf(invocation: Invocation): WatchSettings {
  const { options } = invocation;
  const platform = options['platform'] as string | undefined;
  if (platform !== undefined && !/^[a-z0-9]+\/[a-z0-9]+(?:\/v\d+)?$/.test(platform)) {
    throw new UserError(`'${platform}' is no platform.`, { code: 'option-invalid', hint: 'Such as linux/arm64.' });
  }
  return {
    tags: (options['tags'] as string[] | undefined) ?? [],
    ...(options['newest'] === undefined ? {} : { newest: readCount(invocation, 'newest', 1) }),
    ...(platform === undefined ? {} : { platform }),
    interval: readSeconds(options['look-every'] as string | undefined),
    unsafePlainHttp: options['unsafe-plain-http'] === true,
    unsafeAllowPrivateAddresses: options['unsafe-allow-private-addresses'] === true,
  };
}

function readSeconds(text: string | undefined): number {
  if (text === undefined) return DEFAULT_INTERVAL;
  const found = /^([1-9]\d{0,5})([smh])$/.exec(text);
  if (found) return Number(found[1]) * (SECONDS[found[2] as string] as number);
  throw new UserError(`--look-every takes a time, not '${text}'.`, {
    code: 'option-invalid',
    hint: 'Such as 90s, 15m or 2h.',
  });
}

async function readList(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  if (text.length <= LARGEST_LIST) return text;
  throw new UserError(`${path} is larger than a list of repositories can be.`, { code: 'list-too-large' });
}
