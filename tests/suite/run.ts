import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answerCases } from './answer-cases.ts';
import { judgeOwnCases, writeOwnCases } from './own-suite.ts';
import { suites } from './suites.ts';

const USAGE = `usage: npm run suite -- NAME [DIR] [--answers FILE] [--in-scope-only] [--strict] [--out FAILURES]

Answers the cases of DIR/cases.jsonl as suite NAME (${suites.map(({ name }) => name).join(', ')}).
With --answers the answers are written to FILE; without, they are judged too, by DIR/../judge.mjs.
A suite that comes from a package (cel-spec) needs no DIR; given one, its cases are written there first.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    answers: { type: 'string' },
    out: { type: 'string' },
    'in-scope-only': { type: 'boolean' },
    strict: { type: 'boolean' },
  },
});
const [name, wanted] = positionals;
const suite = suites.find((candidate) => candidate.name === name);
const folder = name === undefined || suite?.own === undefined ? wanted : writeOwnCases(name, suite.own, wanted);
if (name === undefined || folder === undefined || !existsSync(join(folder, 'cases.jsonl'))) {
  console.error(folder === undefined ? USAGE : `there is no ${join(folder, 'cases.jsonl')}\n\n${USAGE}`);
  process.exit(2);
}

const file = values.answers ?? join(mkdtempSync(join(tmpdir(), 'breakwater-suite-')), 'answers.jsonl');
const { cases, answered, broken } = await answerCases(name, suite, folder, file);
console.error(`${name}: ${answered} of ${cases} cases answered into ${file}`);
if (broken > 0) console.error(`${broken} lines hold no case and were left out`);

const judge = resolve(folder, '..', 'judge.mjs');
if (suite?.own !== undefined && values.answers === undefined) judgeOwnCases(suite.own, folder, file);
else if (values.answers === undefined && existsSync(judge)) {
  const flags = [
    ...(values['in-scope-only'] ? ['--in-scope-only'] : []),
    ...(values.strict ? ['--strict'] : []),
    ...(values.out === undefined ? [] : ['--out', values.out]),
  ];
  const { status } = spawnSync(process.execPath, [judge, name, folder, file, ...flags], { stdio: 'inherit' });
  process.exitCode = status ?? 2;
}
