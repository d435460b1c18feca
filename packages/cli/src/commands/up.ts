import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { UpstreamError, UserError } from '@breakwater/model';
import { askServer } from '../answers/server-answers.ts';
import { assessWithProgress, JUDGING_OPTIONS, namedJudging } from '../assess.ts';
import { CLUSTER_OPTIONS, clusterReading, withClusters } from '../cluster-options.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { ingestSettings } from '../ingest/ingest-options.ts';
import { rememberPaths } from '../last-paths.ts';
import { readCount, readPort } from '../options.ts';
import { namedScopes, WATCH_OPTIONS } from '../registry-options.ts';
import { showRanking } from '../show-ranking.ts';
import { bold, plain } from '../terminal/style.ts';
import { openAdmissionRole } from '../up/admission-role.ts';
import { openEstateStore } from '../up/open-estate-store.ts';
import { namedRoles, ofAdmission, ROLE_OPTIONS } from '../up/roles.ts';
import { serveEstate } from '../up/serve-estate.ts';
import type { ServeOptions } from '../up/serve-options.ts';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/estate', import.meta.url));

export const command: Command = {
  name: 'up',
  summary: 'Reads an estate, ranks it, and serves the console and the API on this machine.',
  usage: '[PATH...]',
  examples: [
    { command: 'breakwater up', says: 'the estate served last, or the example' },
    { command: 'breakwater up k8s/ images/ events.jsonl', says: 'your manifests, images and events' },
    { command: 'breakwater up k8s/ --once', says: 'read, print the ranking, end' },
    { command: 'breakwater up k8s/ --update-advisories 12', says: 'and keep the advisories new, twice a day' },
    { command: 'breakwater up --cluster production --cluster staging', says: 'follow live clusters' },
    { command: 'breakwater up k8s/ --registry registry.example/shop', says: 'and watch a registry' },
    { command: 'breakwater up k8s/ --roles api,worker,ingest,admission', says: 'and answer an API server' },
    { command: 'breakwater up k8s/ --ingest-listen 0.0.0.0', says: 'and take events of sensors of other machines' },
  ],
  options: {
    ...JUDGING_OPTIONS,
    ...CLUSTER_OPTIONS,
    port: { type: 'string', value: 'PORT', help: 'Port on 127.0.0.1 (default 7070)' },
    'update-advisories': { type: 'string', value: 'HOURS', help: 'Update advisories that are older (default: never)' },
    feed: { type: 'string', multiple: true, value: 'URL', help: 'Update them from here instead of the public feeds' },
    'profile-key': {
      type: 'string',
      value: 'FILE',
      help: 'PEM: public key of profiles attached to images, to begin with them',
    },
    once: { type: 'boolean', help: 'Read once, print the ranking and end' },
    ...WATCH_OPTIONS,
    ...ROLE_OPTIONS,
  },
  async run(invocation) {
    const roles = namedRoles(invocation);
    if (!roles.estate && roles.ingest) {
      const { serveIngest } = await import('../ingest/serve-ingest.ts');
      return await serveIngest(invocation);
    }
    if (!roles.estate) {
      const { serveAdmission } = await import('../admission/serve-admission.ts');
      return await serveAdmission(ofAdmission(invocation));
    }
    const isServed = invocation.options['once'] !== true;
    if (isServed) await refuseSecond(invocation);
    if (!roles.admission || !isServed) return await upEstate(invocation);
    const admission = await openAdmissionRole(ofAdmission(invocation));
    try {
      return await upWhileAdmissionGoesOn(invocation);
    } finally {
      await admission.close();
    }
  },
};

/** Milliseconds until an estate is tried again whose database was away. */
const AGAIN = 15_000;

/** Admission needs no database: it goes on while there is none, and what needs one comes when there is. */
async function upWhileAdmissionGoesOn(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  while (!signal.aborted) {
    try {
      return await upEstate(invocation);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      process.stderr.write(`${plain(error.message)} Admission goes on, and the rest is tried again.\n`);
      await wait(AGAIN, undefined, { signal }).catch(() => {});
    }
  }
  return EXIT.unknown;
}

/** Reads an estate, and serves it unless it is to be read only once. */
async function upEstate(invocation: Invocation): Promise<number> {
  const port = readPort(invocation, 7070);
  const scopes = await namedScopes(invocation);
  const store = await openEstateStore(invocation.state, { apart: invocation.options['once'] !== true });
  try {
    const paths = await choosePaths(invocation, await store.paths());
    const judging = namedJudging(invocation);
    if (invocation.options['once'] !== true) {
      return await serveEstate({
        invocation,
        store,
        paths,
        judging,
        clusters: clusterReading(invocation),
        port,
        profileKey: namedProfileKey(invocation),
        scopes,
        updates: namedUpdates(invocation),
        ingest: namedRoles(invocation).ingest ? ingestSettings(invocation, false) : undefined,
      });
    }
    const assessment = await assessWithProgress(invocation, paths);
    await store.save(assessment);
    await rememberPaths(invocation.state, process.cwd(), { paths, clusters: clusterReading(invocation), ...judging });
    return showRanking(assessment.ranking, 10);
  } finally {
    await store.close();
  }
}

function namedProfileKey({ options }: Invocation): string | undefined {
  const path = options['profile-key'] as string | undefined;
  if (path === undefined || existsSync(path)) return path && resolve(path);
  throw new UserError(`${path} could not be read.`, { code: 'key-invalid', hint: 'It is the public key, as PEM.' });
}

function namedUpdates(invocation: Invocation): ServeOptions['updates'] {
  const { feed = [], 'update-advisories': wanted, 'unsafe-allow-private-addresses': unsafe } = invocation.options;
  const feeds = feed as string[];
  if (wanted === undefined && feeds.length === 0) return undefined;
  return { hours: readCount(invocation, 'update-advisories', 24), feeds, unsafeAllowPrivateAddresses: unsafe === true };
}

/** One server for a state folder: a second one would take the first one's place in `api.json`. */
async function refuseSecond({ state }: Invocation): Promise<void> {
  if ((await askServer(state)) === undefined) return;
  throw new UserError(`Breakwater runs on the state folder ${state} already.`, {
    code: 'already-running',
    hint: 'Ask it (breakwater rank), end it with Ctrl-C first, or choose another folder with --state.',
  });
}

/** What was asked for; else what this state folder served last; else the example. Absolute, for starts from elsewhere. */
async function choosePaths(invocation: Invocation, last: string[]): Promise<string[]> {
  const { positionals, options } = invocation;
  const named = withClusters(invocation, positionals);
  if (named.length > 0) return named.map((path) => (existsSync(path) ? resolve(path) : path));
  const gone = last.filter((path) => isAbsolute(path) && !existsSync(path));
  if (gone.length > 0) {
    throw new UserError(`What was served last is no longer at ${gone.join(', ')}.`, {
      code: 'path-missing',
      hint: 'Name the paths: breakwater up PATH... The example is at '.concat(EXAMPLE, '.'),
    });
  }
  const paths = last.length > 0 ? last : [EXAMPLE];
  if (options['quiet'] !== true)
    process.stderr.write(`Reading ${bold(paths.join(' '))}${last.length > 0 ? '' : ', the example estate'}\n`);
  return paths;
}
