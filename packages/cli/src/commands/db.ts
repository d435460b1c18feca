import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { advisoryIndexPath } from '@breakwater/app/advisories';
import { type AdvisoryStatus, formatPlace, UserError } from '@breakwater/model';
import { DEFAULT_FEEDS, importAdvisories, openAdvisoryIndex } from '@breakwater/sources/advisories';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { openProgressLine } from '../terminal/progress.ts';
import { bold, plain } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';

const NUMBER = new Intl.NumberFormat('en');
/** Rejected records shown by name. */
const SHOWN = 5;

export const command: Command = {
  name: 'db',
  summary: 'Keeps the advisory index: OSV records, the catalogue of known exploited vulnerabilities, EPSS.',
  usage: 'import PATH|URL... | update [URL...] | status',
  examples: [
    { command: 'breakwater db update', says: 'from the public feeds' },
    { command: 'breakwater db import advisories/', says: 'from files: OSV JSON, JSON Lines, zip; kev.json; epss.csv' },
    { command: 'breakwater db status', says: 'what is in the index and how old it is' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    'unsafe-allow-private-addresses': { type: 'boolean', help: 'Let feeds come from private or local addresses' },
  },
  async run(invocation) {
    const [action, ...rest] = invocation.positionals;
    if (action === 'status') return showStatus(invocation);
    if (action === 'import' && rest.length > 0) return await load(invocation, rest);
    if (action === 'update') return await load(invocation, rest.length > 0 ? rest : [...DEFAULT_FEEDS]);
    throw new UserError(
      action === 'import'
        ? 'Import from where? Name a folder, a file or an address.'
        : 'Say what to do: import, update or status.',
      {
        code: 'action-missing',
        hint: 'breakwater db --help shows examples.',
      },
    );
  },
};

async function load(invocation: Invocation, from: string[]): Promise<number> {
  const output = outputOption(invocation, ['table', 'json']);
  await mkdir(invocation.state, { recursive: true, mode: 0o700 });
  await access(invocation.state, constants.W_OK);
  const line = openProgressLine(invocation.options['quiet'] === true);
  const report = await importAdvisories({
    from,
    index: advisoryIndexPath(invocation.state),
    signal: invocation.signal,
    onProgress: ({ source, records }) => line.show(`${NUMBER.format(records)} records, ${source}`),
    ...(invocation.options['unsafe-allow-private-addresses'] === true ? { unsafeAllowPrivateAddresses: true } : {}),
  }).finally(() => line.clear());
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    return EXIT.passed;
  }
  for (const note of report.notes) process.stderr.write(`${plain(note)}\n`);
  for (const unknown of report.unknowns.slice(0, SHOWN))
    process.stderr.write(`not read: ${plain(formatPlace(unknown.place))}: ${plain(unknown.message)}\n`);
  if (report.unknowns.length > SHOWN)
    process.stderr.write(`... and ${report.unknowns.length - SHOWN} more (--output json shows them)\n`);
  printStatus(report.status);
  return EXIT.passed;
}

function showStatus(invocation: Invocation): number {
  const path = advisoryIndexPath(invocation.state);
  if (!existsSync(path)) {
    throw new UserError('No advisories are imported.', {
      code: 'advisories-missing',
      hint: 'breakwater db update, or offline: breakwater db import FOLDER',
    });
  }
  const index = openAdvisoryIndex(path);
  const status = index.status();
  index.close();
  if (outputOption(invocation, ['table', 'json']) === 'json')
    process.stdout.write(`${JSON.stringify(status, undefined, 2)}\n`);
  else printStatus(status);
  return EXIT.passed;
}

function printStatus(status: AdvisoryStatus): void {
  const rows = status.ecosystems.map(({ name, rows: count, newest }) => [
    name,
    NUMBER.format(count),
    newest?.slice(0, 10) ?? '',
  ]);
  const dates = [
    ['imported', status.importedAt?.slice(0, 16).replace('T', ' ') ?? ''],
    ['newest advisory', status.newest?.slice(0, 10) ?? 'none'],
    ['known exploited', status.kevDate?.slice(0, 10) ?? 'not imported'],
    ['EPSS', status.epssDate?.slice(0, 10) ?? 'not imported'],
  ];
  const lines = [
    `${NUMBER.format(status.advisories)} advisories, ${NUMBER.format(status.rows)} rows${status.rejected > 0 ? `, ${NUMBER.format(status.rejected)} rejected` : ''}`,
    ...alignColumns(dates),
    '',
    ...alignColumns([[bold('ecosystem'), bold('rows'), bold('newest')], ...rows], [1]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
