import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Explanation, FixStory, Problem, QuestionSheet, Ranking, UpstreamError } from '@breakwater/model';
import { z } from 'zod';
import type { Answers } from './answers.ts';
import { rebasePatch } from './rebase-patch.ts';

/** What `up` leaves in the state folder for other commands; readable by its owner only. */
export const ApiFile = z.object({ url: z.url(), token: z.string(), pid: z.number().int(), folder: z.string() });
export type ApiFile = z.infer<typeof ApiFile>;

export const API_FILE = 'api.json';

/** Milliseconds within which a server of this machine has to answer that it is there. */
const GREETING_TIME = 500;
/** Milliseconds for an answer; one may wait for a reading. */
const ANSWER_TIME = 10 * 60_000;

/** The API of a running server. */
export interface Api {
  /** Folder in which it was started. */
  folder: string;
  /** Throws UpstreamError for what the server refuses or does not have. */
  request<T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<T>;
  /** Undefined where the server knows nothing of that name. */
  find<T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<T | undefined>;
}

/** The API of the server that runs on this state folder; undefined when none does. */
export async function openApi(state: string): Promise<Api | undefined> {
  const text = await readFile(join(state, API_FILE), 'utf8').catch(() => undefined);
  const parsed = ApiFile.safeParse(text === undefined ? undefined : readJson(text));
  if (!parsed.success || !isLoopback(parsed.data.url)) return undefined;
  const { url, token, folder } = parsed.data;
  const alive = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(GREETING_TIME) }).catch(() => undefined);
  if (!alive?.ok) return undefined;
  return {
    folder,
    find: (method, path, schema, body) => request(method, `${url}${path}`, token, schema, body),
    async request(method, path, schema, body) {
      const found = await request(method, `${url}${path}`, token, schema, body, true);
      if (found !== undefined) return found;
      throw new UpstreamError('The running server does not have what was asked for.', { code: 'server-failed' });
    },
  };
}

/** The running server's answers; undefined when none runs on this state folder. */
export async function askServer(state: string): Promise<Answers | undefined> {
  const api = await openApi(state);
  if (!api) return undefined;
  const { folder } = api;
  // Files may have changed since, by a fix for one: every answer is about what is there now.
  const get = async <T>(path: string, schema: z.ZodType<T>) => {
    await api.request('POST', '/api/read', z.object({ changed: z.boolean() }));
    return await api.find('GET', path, schema);
  };
  const whole = async <T>(path: string, schema: z.ZodType<T>) => {
    const found = await get(path, schema);
    if (found) return found;
    throw new UpstreamError('The running server has not read anything yet.', {
      code: 'nothing-read',
      hint: 'Wait until it is done, or name a path: breakwater rank PATH',
    });
  };
  return {
    ranking: () => whole('/api/ranking', Ranking),
    async questions(n) {
      const sheet = await whole('/api/questions', QuestionSheet);
      return { ...sheet, items: sheet.items.filter((item) => n === undefined || item.n === n) };
    },
    explain: (id) => get(`/api/explain/${encodeURIComponent(id)}`, Explanation),
    async fix(n) {
      const found = await get(`/api/fixes/${n}`, FixStory);
      if (!found) return undefined;
      const patch = rebasePatch(found.patch, folder, process.cwd());
      if (patch !== undefined) return { ...found, patch };
      return { ...found, notes: [...found.notes, `Paths of this patch begin at ${folder}: apply it there.`] };
    },
  };
}

/** Undefined where the server knows nothing of that name, unless the reason is wanted. */
async function request<T>(
  method: string,
  url: string,
  token: string,
  schema: z.ZodType<T>,
  sent?: object,
  reason = false,
): Promise<T | undefined> {
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(ANSWER_TIME);
  const response = await fetch(url, { method, headers, signal, ...(sent ? { body: JSON.stringify(sent) } : {}) });
  if (response.status === 404 && !reason) return undefined;
  const body = readJson(await response.text());
  const parsed = schema.safeParse(body);
  if (response.ok && parsed.success) return parsed.data;
  const problem = Problem.safeParse(body).data;
  throw new UpstreamError(
    problem?.title ?? 'The running server gave an answer that this version does not understand.',
    {
      code: problem?.code ?? 'server-failed',
      hint: problem?.hint ?? 'It may be another version: end it and start `breakwater up` again.',
    },
  );
}

/** The token goes to this machine only, whatever the file says. */
function isLoopback(url: string): boolean {
  return new URL(url).hostname === '127.0.0.1';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
