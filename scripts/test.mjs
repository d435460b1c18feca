// `npm test [-- FILTER]`: set up, check format, lint and types, then run the tests and print one line of totals last.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const filters = process.argv.slice(2);
setUp('development');
const bin = join(root, 'node_modules', '.bin');
/** What tests leave lying is taken away with it. Others may enter: a test's PostgreSQL does not run as root. */
const scratch = mkdtempSync(join(tmpdir(), 'breakwater-test-'));
chmodSync(scratch, 0o755);
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, TMPDIR: scratch };
const run = (name, args) =>
  spawnSync(join(bin, name), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;

const report = join(scratch, 'report.json');
const checks =
  filters.length > 0
    ? []
    : [
        ['biome', ['check', '.']],
        ['tsc', ['-p', 'tsconfig.json']],
        ['tsc', ['-p', 'packages/console/tsconfig.json']],
      ];
const failedChecks = checks.filter(([name, args]) => run(name, args) !== 0).length;
const status = run('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...filters,
]);
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
const passed = numPassedTests + checks.length - failedChecks;
rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
// A file that does not load fails without a failed test in it: it counts as one.
const failed = failedChecks + (numFailedTests === 0 && status !== 0 ? 1 : numFailedTests);
if (numPendingTests > 0) console.log(`${numPendingTests} skipped: what they need is not here, as their titles say`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
