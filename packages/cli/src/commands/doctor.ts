import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { advisoryIndexPath } from '@breakwater/app/advisories';
import { UpstreamError, UserError } from '@breakwater/model';
import { openAdvisoryIndex } from '@breakwater/sources/advisories';
import { wallStatus } from '@breakwater/sources/wall';
import { askServer } from '../answers/server-answers.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns, wrapText } from '../terminal/table.ts';
import { VERSION } from '../version.ts';

/** One thing that was looked at. */
interface Check {
  name: string;
  state: 'good' | 'limited' | 'bad';
  says: string;
  /** What to do about it. */
  hint?: string;
}

const MARKS = { good: () => green('good'), limited: () => yellow('limited'), bad: () => red('bad') };
const OLD_DAYS = 7;
const LEAST_NPM = 9;

export const command: Command = {
  name: 'doctor',
  summary: 'Checks what Breakwater needs on this machine, and says how to mend what is missing.',
  usage: '',
  examples: [{ command: 'breakwater doctor', says: 'look at everything' }],
  options: { output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' } },
  async run(invocation) {
    const checks = [
      checkNode(),
      await checkNpm(),
      checkState(invocation),
      checkAdvisories(invocation),
      await checkWall(),
      await checkUnpacking(),
      await checkSensor(),
      await checkStore(invocation),
      await checkServer(invocation),
    ];
    if (outputOption(invocation, ['table', 'json']) === 'json')
      process.stdout.write(`${JSON.stringify({ version: VERSION, checks }, undefined, 2)}\n`);
    else printChecks(checks);
    return checks.some((check) => check.state === 'bad') ? EXIT.unknown : EXIT.passed;
  },
};

function printChecks(checks: Check[]): void {
  const width = outputWidth();
  const lines = wrapColumns(
    checks.map((check) => [MARKS[check.state](), check.name, plain(check.says)]),
    width,
  );
  const hints = checks.flatMap((check) => (check.hint ? wrapText(`${check.name}: ${plain(check.hint)}`, width) : []));
  process.stdout.write(
    `Breakwater ${VERSION}\n${lines.join('\n')}\n${hints.length > 0 ? `\n${hints.join('\n')}\n` : ''}`,
  );
}

function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return { name: 'Node', state: 'good', says: process.version };
  return {
    name: 'Node',
    state: 'bad',
    says: process.version,
    hint: 'Node 24 or later is needed: run `npm install` in the clone, which brings it.',
  };
}

/** npm installs and updates the clone; nothing that runs later needs it. */
async function checkNpm(): Promise<Check> {
  const found = await promisify(execFile)('npm', ['--version'], { timeout: 20_000 }).catch(() => undefined);
  const version = found?.stdout.trim() ?? '';
  if (Number(version.split('.')[0]) >= LEAST_NPM) return { name: 'npm', state: 'good', says: version };
  return {
    name: 'npm',
    state: 'limited',
    says:
      version === '' ? 'not found: it is needed to install and update only' : `${version} is too old to install with`,
    hint: `Install npm ${LEAST_NPM} or later.`,
  };
}

function checkState({ state }: Invocation): Check {
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    accessSync(state, constants.W_OK);
  } catch {
    return {
      name: 'state folder',
      state: 'bad',
      says: `${state} cannot be written`,
      hint: 'Choose another with --state or BREAKWATER_STATE.',
    };
  }
  if ((statSync(state).mode & 0o077) === 0) return { name: 'state folder', state: 'good', says: state };
  return { name: 'state folder', state: 'limited', says: `${state} can be read by others`, hint: `chmod 700 ${state}` };
}

function checkAdvisories({ state }: Invocation): Check {
  const path = advisoryIndexPath(state);
  const hint = 'breakwater db update, or offline: breakwater db import FOLDER';
  if (!existsSync(path))
    return { name: 'advisories', state: 'limited', says: 'none imported: vulnerabilities stay unknown', hint };
  try {
    const index = openAdvisoryIndex(path);
    const { rows, importedAt = '' } = index.status();
    index.close();
    const days = Math.floor((Date.now() - Date.parse(importedAt)) / 86_400_000);
    const says = `${rows.toLocaleString('en')} rows, imported ${days === 0 ? 'today' : `${countOf(days, 'day')} ago`}`;
    return days > OLD_DAYS
      ? { name: 'advisories', state: 'limited', says, hint }
      : { name: 'advisories', state: 'good', says };
  } catch (error) {
    return { name: 'advisories', state: 'bad', says: (error as Error).message, hint };
  }
}

async function checkUnpacking(): Promise<Check> {
  const { findIsal } = await import('@breakwater/sources/images');
  const found = findIsal();
  const says = found ?? "Node's own zlib; with ISA-L (Debian: apt install libisal2) gzip layers are read faster";
  return { name: 'unpacking', state: 'good', says };
}

async function checkSensor(): Promise<Check> {
  const { findAbilities } = await import('@breakwater/sensor/abilities');
  const { missing, stops, onlyTells } = findAbilities();
  if (missing.length === 0) {
    const says = `can watch containers here, and stop ${stops.join(', ')}`;
    return {
      name: 'sensor',
      state: 'good',
      says,
      ...(onlyTells.length > 0 && { hint: `Not stopped: ${onlyTells.join('; ')}.` }),
    };
  }
  return { name: 'sensor', state: 'limited', says: 'containers cannot be watched from here', hint: missing.join(' ') };
}

async function checkWall(): Promise<Check> {
  const { missing } = await wallStatus();
  if (missing.length === 0)
    return { name: 'wall', state: 'good', says: 'parsers run without network and with bounded memory' };
  const reasons = whyNoNamespaces();
  const hint =
    reasons.length > 0 ? reasons.join(' ') : 'Run where `unshare -n` works before scanning what you do not trust.';
  return { name: 'wall', state: 'limited', says: missing.join(' '), hint };
}

/** Settings of Linux that forbid a namespace to users: which, and the value that forbids. */
const FORBIDDING: [file: string, value: string][] = [
  ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1'],
  ['/proc/sys/kernel/unprivileged_userns_clone', '0'],
  ['/proc/sys/user/max_user_namespaces', '0'],
];

function whyNoNamespaces(): string[] {
  const unshare = ['/usr/bin/unshare', '/bin/unshare', '/usr/sbin/unshare', '/sbin/unshare'].some(existsSync);
  const settings = FORBIDDING.filter(([file, value]) => readSetting(file) === value);
  return [
    ...(unshare ? [] : ['Install `unshare` (util-linux).']),
    ...settings.map(
      ([file, value]) => `${file} is ${value}, which forbids namespaces to users: change it, or run as root.`,
    ),
  ];
}

function readSetting(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Opens the store where there is one to open: without `DATABASE_URL` the first `up` makes it. */
async function checkStore({ state }: Invocation): Promise<Check> {
  const database = process.env['DATABASE_URL'];
  const says = database ? 'PostgreSQL, from DATABASE_URL' : 'SQLite in the state folder';
  if (!database && !existsSync(join(state, 'store.sqlite'))) return { name: 'store', state: 'good', says };
  try {
    const { openEstateStore } = await import('../up/open-estate-store.ts');
    await (await openEstateStore(state)).close();
    return { name: 'store', state: 'good', says };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UpstreamError)) throw error;
    return { name: 'store', state: 'bad', says: error.message, ...(error.hint ? { hint: error.hint } : {}) };
  }
}

async function checkServer({ state }: Invocation): Promise<Check> {
  const running = await askServer(state);
  return {
    name: 'server',
    state: 'good',
    says: running ? 'running: commands without a path ask it' : 'none runs on this state folder',
  };
}
