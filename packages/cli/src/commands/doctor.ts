import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { advisoryIndexPath } from '@breakwater/app/advisories';
import { openAdvisoryIndex } from '@breakwater/sources/advisories';
import { wallStatus } from '@breakwater/sources/wall';
import { askServer } from '../answers/server-answers.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { green, red, yellow } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';
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

export const command: Command = {
  name: 'doctor',
  summary: 'Checks what Breakwater needs on this machine, and says how to mend what is missing.',
  usage: '',
  examples: [{ command: 'breakwater doctor', says: 'look at everything' }],
  options: { output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' } },
  async run(invocation) {
    const checks = [
      checkNode(),
      checkState(invocation),
      checkAdvisories(invocation),
      await checkWall(),
      checkStore(),
      await checkServer(invocation),
    ];
    if (outputOption(invocation, ['table', 'json']) === 'json')
      process.stdout.write(`${JSON.stringify({ version: VERSION, checks }, undefined, 2)}\n`);
    else printChecks(checks);
    return checks.some((check) => check.state === 'bad') ? EXIT.unknown : EXIT.passed;
  },
};

function printChecks(checks: Check[]): void {
  const lines = alignColumns(checks.map((check) => [MARKS[check.state](), check.name, check.says]));
  const hints = checks.flatMap((check) => (check.hint ? [`${check.name}: ${check.hint}`] : []));
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
    const says = `${rows.toLocaleString('en')} rows, imported ${days === 0 ? 'today' : `${days} days ago`}`;
    return days > OLD_DAYS
      ? { name: 'advisories', state: 'limited', says, hint }
      : { name: 'advisories', state: 'good', says };
  } catch (error) {
    return { name: 'advisories', state: 'bad', says: (error as Error).message, hint };
  }
}

async function checkWall(): Promise<Check> {
  const { missing } = await wallStatus();
  if (missing.length === 0)
    return { name: 'wall', state: 'good', says: 'parsers run without network and with bounded memory' };
  return {
    name: 'wall',
    state: 'limited',
    says: missing.join(' '),
    hint: 'Allow user namespaces, or run where `unshare -n` works, before scanning what you do not trust.',
  };
}

function checkStore(): Check {
  const url = process.env['DATABASE_URL'];
  return { name: 'store', state: 'good', says: url ? 'PostgreSQL, from DATABASE_URL' : 'SQLite in the state folder' };
}

async function checkServer({ state }: Invocation): Promise<Check> {
  const running = await askServer(state);
  return {
    name: 'server',
    state: 'good',
    says: running ? 'running: commands without a path ask it' : 'none runs on this state folder',
  };
}
