import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStatus } from '@breakwater/app/advisories';
import type { AssessmentStore } from '@breakwater/app/assessment';
import { assessPaths } from '@breakwater/app/estate';
import {
  createServer,
  type Listening,
  listen,
  newToken,
  openProgressFeed,
  openSessions,
  type ProgressFeed,
} from '@breakwater/server';
import { API_FILE, type ApiFile } from '../answers/server-answers.ts';
import { EXIT, type Invocation } from '../command.ts';
import { rememberPaths } from '../last-paths.ts';
import { formatPoints } from '../terminal/print-ranking.ts';
import { bold, plain } from '../terminal/style.ts';
import { VERSION } from '../version.ts';

export interface ServeOptions {
  invocation: Invocation;
  store: AssessmentStore;
  paths: string[];
  port: number;
}

const CONSOLE = fileURLToPath(new URL('../../../console/dist', import.meta.url));

/** Listens, reads the estate while it already answers, and serves until Ctrl-C. */
export async function serveEstate(options: ServeOptions): Promise<number> {
  const { invocation, store, port } = options;
  const paths = options.paths.map((path) => resolve(path));
  const token = newToken();
  const sessions = openSessions(token, Date.now);
  const progress = openProgressFeed();
  const startedAt = new Date().toISOString();
  const status = async () => ({
    version: VERSION,
    startedAt,
    paths,
    ...(await lastRanked(store)),
    progress: progress.current(),
    advisories: (await store.ranking())?.advisories ?? readStatus(invocation.state),
    store: store.kind,
  });
  const app = createServer({ view: store, sessions, progress, status, consoleFolder: CONSOLE, version: VERSION });
  const listening = await listen(app, port);
  await announceApi(invocation.state, { url: listening.url, token, pid: process.pid });
  try {
    process.stdout.write(
      `${bold('Breakwater')} listens. Sign in once with:\n  ${listening.url}/sign-in?code=${sessions.issueSignInCode()}\n\n`,
    );
    await readInto({ ...options, paths }, progress);
    process.stdout.write(
      '\nTry in a second terminal:\n  breakwater rank\n  breakwater explain quiet\n  breakwater fix 1 | git apply\n\nCtrl-C ends it.\n',
    );
    await untilStopped(invocation.signal);
    return EXIT.passed;
  } finally {
    await rm(join(invocation.state, API_FILE), { force: true });
    await closeQuietly(listening);
  }
}

async function lastRanked(store: AssessmentStore): Promise<{ lastRanked?: string }> {
  const summary = await store.summary();
  return summary ? { lastRanked: summary.time } : {};
}

/** Tells other commands of this user where the server is; nobody else may read its token. */
async function announceApi(state: string, file: ApiFile): Promise<void> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  const path = join(state, API_FILE);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(file), { mode: 0o600 });
}

/** A reading that fails leaves the server up with what it had, and says so in both places. */
async function readInto({ invocation, store, paths }: ServeOptions, progress: ProgressFeed): Promise<void> {
  try {
    const assessment = await assessPaths(paths, {
      state: invocation.state,
      now: new Date().toISOString(),
      signal: invocation.signal,
      onProgress: (step) => progress.report({ message: '', ...step }),
    });
    progress.report({ stage: 'storing', done: 0, total: 0, subject: '', message: '' });
    const { opened, closed, open } = await store.save(assessment);
    await rememberPaths(invocation.state, process.cwd(), paths);
    const { ranking } = assessment;
    const message = `${ranking.workloads.length} workloads, expected loss ${formatPoints(ranking.loss)}`;
    progress.report({ stage: 'done', done: 1, total: 1, subject: '', message });
    process.stdout.write(`${message}. ${open} findings open (${opened} new, ${closed} closed).\n`);
  } catch (error) {
    if (invocation.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    progress.report({ stage: 'failed', done: 0, total: 0, subject: '', message });
    process.stderr.write(`The estate could not be read: ${plain(message)}\n`);
  }
}

function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function closeQuietly(listening: Listening): Promise<void> {
  process.stdout.write('\nEnded.\n');
  await listening.close();
}
