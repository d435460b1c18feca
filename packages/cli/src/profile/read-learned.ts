import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LearnedProfile, UserError } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import { openEstateStore } from '../up/open-estate-store.ts';

const LARGEST = 64 * 1024 * 1024;

/** A learned profile that was exported to a file; undefined for a file that holds something else. */
export async function readLearnedFile(path: string): Promise<LearnedProfile | undefined> {
  if (!existsSync(path)) return undefined;
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new UserError(`${showPath(path)} cannot be read.`, { code: 'file-unreadable', cause });
  });
  if (text.length > LARGEST || !text.trimStart().startsWith('{') || !text.includes('"pending"')) return undefined;
  const parsed = LearnedProfile.safeParse(parse(text));
  return parsed.success ? parsed.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Everything that was learned in the state folder, or in the database of `DATABASE_URL`. */
export async function readLearned(state: string): Promise<LearnedProfile[]> {
  const store = await openEstateStore(state);
  try {
    return await store.behaviour.described();
  } finally {
    await store.close();
  }
}

/**
 * The one that is meant: by its whole subject, by a part of it that only one has, or by its container.
 * @throws {UserError} where there is none, or several
 */
export function chooseLearned(
  profiles: readonly LearnedProfile[],
  name: string,
  container: string | undefined,
): LearnedProfile {
  const own = profiles.filter((profile) => container === undefined || profile.container === container);
  const exact = own.filter(({ subject }) => subject === name);
  const [found, ...others] = exact.length > 0 ? exact : own.filter((profile) => isMeant(profile, name));
  if (found !== undefined && others.length === 0) return found;
  const named = [...(found === undefined ? profiles : [found, ...others])].map(nameOf);
  throw new UserError(found === undefined ? `Nothing was learned of ${name}.` : `${name} is several profiles.`, {
    code: found === undefined ? 'profile-missing' : 'profile-ambiguous',
    hint:
      named.length === 0
        ? 'breakwater sensor --learn learns on this host; sensors that send to `breakwater up` make it learn.'
        : `There are: ${named.slice(0, 5).join(', ')}${named.length > 5 ? ', ...' : ''}. --container names one of several.`,
  });
}

const isMeant = ({ subject, container }: LearnedProfile, name: string): boolean =>
  container === name || subject.includes(name);

/** `shop/Deployment/cart web`. */
export const nameOf = ({ subject, container }: LearnedProfile): string =>
  container === undefined ? subject : `${subject} ${container}`;
