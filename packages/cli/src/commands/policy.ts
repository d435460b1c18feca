import { openPolicySet } from '@breakwater/app/estate';
import { locatePolicies } from '@breakwater/app/scan';
import { testPolicy } from '@breakwater/engine/policy/cases';
import { formatPlace, UserError } from '@breakwater/model';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { SCAN_OPTIONS, scanWithProgress, VERDICT_CODES } from '../scan.ts';
import { printScan } from '../terminal/print-scan.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';

export const command: Command = {
  name: 'policy',
  summary: 'Tests policies by their own cases, or evaluates them on manifests and images.',
  usage: 'test [POLICY...] | eval TARGET...',
  examples: [
    { command: 'breakwater policy test', says: 'every policy that comes with Breakwater' },
    { command: 'breakwater policy test my-policies/', says: 'yours too' },
    { command: 'breakwater policy eval k8s/ --policies my-policies/', says: 'what they say of manifests' },
    { command: 'breakwater policy eval k8s/ --packs pod-security-restricted', says: 'Pod Security Standards in full' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    ...SCAN_OPTIONS,
  },
  async run(invocation) {
    const [action, ...rest] = invocation.positionals;
    if (action === 'test') return await test(invocation, rest);
    if (action === 'eval' && rest.length > 0) return await evaluate(invocation, rest);
    throw new UserError(
      action === 'eval' ? 'Evaluate on what? Name manifests or images.' : 'Say what to do: test or eval.',
      { code: 'action-missing', hint: 'breakwater policy --help shows examples.' },
    );
  },
};

async function test(invocation: Invocation, files: string[]): Promise<number> {
  const output = outputOption(invocation, ['table', 'json']);
  const { all, unknowns } = await openPolicySet(files, new Date().toISOString());
  const results = all.flatMap(testPolicy);
  const failed = results.filter((result) => !result.passed);
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ results, unknowns }, undefined, 2)}\n`);
  } else {
    for (const { policy, name, expected, actual, message } of failed) {
      process.stdout.write(
        `${red('failed')}  ${plain(policy)}: ${plain(name)}: expected ${expected}, got ${actual}${message === '' ? '' : ` (${plain(message)})`}\n`,
      );
    }
    for (const unknown of unknowns)
      process.stdout.write(`${yellow('unusable')}  ${plain(formatPlace(unknown.place))}: ${plain(unknown.message)}\n`);
    const untested = all
      .filter((policy) => policy.policy.spec.cases.length === 0)
      .map((policy) => policy.policy.metadata.name);
    if (untested.length > 0) process.stdout.write(`${yellow('no cases')}  ${untested.join(', ')}\n`);
    const verdict = failed.length === 0 && unknowns.length === 0 ? green('passed') : red('failed');
    process.stdout.write(`${verdict}: ${all.length} policies, ${results.length} cases, ${failed.length} failed\n`);
  }
  if (failed.length > 0) return EXIT.refused;
  return unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
}

async function evaluate(invocation: Invocation, targets: string[]): Promise<number> {
  const output = outputOption(invocation, ['table', 'json']);
  const scanned = await scanWithProgress(invocation, targets);
  const report = await locatePolicies(scanned.report, () => true);
  if (output === 'json') process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else printScan(report, { all: true, policiesOnly: true });
  return VERDICT_CODES[report.verdict];
}
