import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStatus } from '@breakwater/app/advisories';
import { type EstateViews, VIEW_KIND } from '@breakwater/app/questions';
import { type Status, UserError } from '@breakwater/model';
import {
  createServer,
  type Listening,
  listen,
  newToken,
  openProgressFeed,
  openSessions,
  type ProgressFeed,
  type ViewService,
} from '@breakwater/server';
import { API_FILE, type ApiFile } from '../answers/server-answers.ts';
import { EXIT } from '../command.ts';
import { bold } from '../terminal/style.ts';
import { VERSION } from '../version.ts';
import { admissionState } from './admission-state.ts';
import { keepUpdated } from './advisory-updates.ts';
import { openBehaviourViews } from './behaviour-views.ts';
import { openClusters } from './clusters.ts';
import { openIngestRole } from './ingest-role.ts';
import { openReader } from './reader.ts';
import { openRegistries } from './registries.ts';
import type { ServeOptions } from './serve-options.ts';

const CONSOLE = fileURLToPath(new URL('../../../console/dist', import.meta.url));

/** Listens, reads the estate while it already answers, reads it again when events came in, and serves until Ctrl-C. */
export async function serveEstate(options: ServeOptions): Promise<number> {
  const { invocation, store, paths, port } = options;
  const token = newToken();
  const sessions = openSessions(token, Date.now);
  const progress = openProgressFeed();
  const ingest = options.ingest && (await openIngestRole(options.ingest));
  const reader = openReader(options, progress);
  const registries = await openRegistries(options, () => reader.readSoon());
  const clusters = openClusters(options, () => reader.readSoon());
  const app = createServer({
    view: store,
    registries: registries.service,
    clusters,
    admission: { view: () => admissionState(invocation.state) },
    views: keptViews(store),
    ...openBehaviourViews(options),
    sessions,
    progress,
    status: describeStatus(options, paths, progress),
    async takeEvents(body, sender) {
      if (ingest === undefined)
        throw new UserError('Events are taken by another process.', { code: 'ingest-elsewhere' });
      const taken = await ingest.takeOwn(body, sender);
      if (taken.accepted > 0) reader.readSoon();
      return { accepted: taken.accepted, unknowns: taken.unknowns };
    },
    ...(ingest && { answerEvents: ingest.answer }),
    readIfChanged: reader.readIfChanged,
    consoleFolder: CONSOLE,
    version: VERSION,
  });
  const listening = await listen(app, port).catch(async (error: unknown) => {
    // What runs already would keep the process from its end.
    await Promise.all([reader.close(), registries.close(), clusters.close(), ingest?.close()]);
    throw error;
  });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const updates = options.updates && keepUpdated({ ...options.updates, state: invocation.state, say });
  await announceApi(invocation.state, { url: listening.url, token, pid: process.pid, folder: process.cwd() });
  try {
    process.stdout.write(
      `${bold('Breakwater')} listens. Sign in once with:\n  ${listening.url}/sign-in?code=${sessions.issueSignInCode()}\n\n`,
    );
    if (ingest?.address !== undefined) process.stdout.write(`Events are taken at ${ingest.address}/api/v1/events.\n`);
    registries.start();
    await Promise.race([clusters.ready, untilStopped(invocation.signal)]);
    await reader.read();
    process.stdout.write(
      '\nTry in a second terminal:\n  breakwater rank\n  breakwater ask\n  breakwater explain quiet\n  breakwater fix 1 | git apply\n\nCtrl-C ends it.\n',
    );
    await untilStopped(invocation.signal);
    return EXIT.passed;
  } finally {
    await rm(join(invocation.state, API_FILE), { force: true });
    await updates?.close();
    await registries.close();
    await clusters.close();
    await reader.close();
    await closeQuietly(listening);
    await ingest?.close();
  }
}

/** Views as the last reading left them. */
function keptViews(store: ServeOptions['store']): ViewService {
  const kept = <Name extends keyof EstateViews>(name: Name) =>
    store.readDocument(VIEW_KIND, name) as Promise<EstateViews[Name] | undefined>;
  return { questions: () => kept('questions'), map: () => kept('map'), outlook: () => kept('outlook') };
}

function describeStatus(
  { invocation, store }: ServeOptions,
  paths: string[],
  progress: ProgressFeed,
): () => Promise<Status> {
  const startedAt = new Date().toISOString();
  return async () => {
    const summary = await store.summary();
    return {
      version: VERSION,
      startedAt,
      paths,
      ...(summary ? { lastRanked: summary.time } : {}),
      progress: progress.current(),
      advisories: summary?.advisories ?? readStatus(invocation.state),
      store: store.kind,
    };
  };
}

/** Tells other commands of this user where the server is; nobody else may read its token. */
async function announceApi(state: string, file: ApiFile): Promise<void> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  const path = join(state, API_FILE);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(file), { mode: 0o600 });
}

function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function closeQuietly(listening: Listening): Promise<void> {
  process.stdout.write('\nEnded.\n');
  await listening.close();
}
