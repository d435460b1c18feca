import { join } from 'node:path';
import { UpstreamError, UserError } from '@breakwater/model';
import { type EstateStore, openStore } from '@breakwater/store';

/**
 * The store of this state folder: PostgreSQL where `DATABASE_URL` names one, else a file of its own. `apart` for a process
 * that has to go on answering while the store works.
 */
export async function openEstateStore(state: string, { apart = false } = {}): Promise<EstateStore> {
  const databaseUrl = process.env['DATABASE_URL'];
  const path = join(state, 'store.sqlite');
  try {
    return await openStore({ databaseUrl, path, apart });
  } catch (cause) {
    throw databaseUrl ? databaseTrouble(databaseUrl, cause) : fileTrouble(path, cause);
  }
}

/** Names the host, never the password. */
function databaseTrouble(url: string, cause: unknown): Error {
  const host = URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol) ? new URL(url).host : undefined;
  const hint = 'Correct DATABASE_URL, or unset it to keep the store in the state folder.';
  if (host === undefined)
    return new UserError('DATABASE_URL is no address of PostgreSQL.', { code: 'store-url-invalid', hint, cause });
  return new UpstreamError(`The store at ${host} cannot be used: ${reasonOf(cause)}.`, {
    code: 'store-unreachable',
    hint,
    cause,
  });
}

function fileTrouble(path: string, cause: unknown): Error {
  return new UserError(`The store ${path} cannot be used: ${reasonOf(cause)}.`, {
    code: 'store-unusable',
    hint: 'Give yourself access to it, move it away to start anew, or choose another folder with --state.',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
}
