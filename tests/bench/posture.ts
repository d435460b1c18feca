import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { evaluatePolicies, loadPolicies } from '@breakwater/engine/policy';
import type { ScanReport } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';
import { builtInPolicies } from '@breakwater/sources/policies';
import { addBeside, applyKyverno, flatten, hasKyverno, writeNineRules } from './kyverno.ts';
import { best, type Cost, measureCommand } from './measure-command.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const SHARED = join(import.meta.dirname, '../../../shared/bench');
const COMMAND = join(import.meta.dirname, '../../packages/cli/bin/breakwater');
/** Files at 1, 4 and 16 times the size. */
const SIZES = [625, 2_500, 10_000];
const ROUNDS = 5;
const LARGEST_OUTPUT = 512 * 1024 ** 2;

/**
 * Generated manifests judged by every policy that is in force: the whole command, at three sizes, beside kube-linter
 * and Kyverno where they are on the path (or what `--beside` names), and evaluation alone. The generator says how many carry each
 * weakness; our counts are held against it.
 */
export async function run({ beside, runs }: BenchOptions): Promise<BenchResult> {
  const result: BenchResult = { name: 'posture', inputs: [], rows: [] };
  if (!existsSync(SHARED)) {
    result.inputs.push('nothing measured: ../shared/bench is not there');
    return result;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-posture-'));
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state') };
  try {
    const peer = beside ?? peerCommand();
    if (peer === undefined) result.inputs.push('no peer beside: kube-linter is not on the path');
    for (const size of SIZES) {
      const manifests = join(folder, `manifests-${size}`);
      execFileSync(process.execPath, [join(SHARED, 'gen-manifests.mjs'), manifests, String(size)]);
      for (const action of [['policy', 'eval'], ['scan']]) {
        const cost = await best(runs, () => measureCommand(COMMAND, [...action, manifests, '--quiet'], env));
        result.rows.push(...rowsOf(`${action.join(' ')}, ${size} files`, cost, size === SIZES.at(-1)));
      }
      if (peer !== undefined) {
        const cost = await best(runs, () => measureCommand('/bin/sh', ['-c', peer.replaceAll('{}', manifests)], env));
        result.rows.push({ what: `${peer.split(' ')[0]}, ${size} files: CPU`, value: cost.cpu, unit: 's' });
        result.rows.push({ what: `${peer.split(' ')[0]}, ${size} files: peak`, value: cost.peak, unit: 'MiB' });
      }
    }
    const largest = join(folder, `manifests-${SIZES.at(-1)}`);
    compareWithTruth(result, largest, env);
    if (hasKyverno(result)) await compareWithKyverno(result, largest, env);
    measureEvaluation(result, largest);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const peerCommand = (): string | undefined =>
  spawnSync('kube-linter', ['version']).status === 0 ? 'kube-linter lint {}' : undefined;

function rowsOf(what: string, { cpu, wall, peak, exitCode }: Cost, isLargest: boolean): BenchResult['rows'] {
  if (exitCode !== 1)
    throw new Error(`${what} ended with exit code ${exitCode}, where privileged containers are refused`);
  const budget = isLargest
    ? { cpu: { budget: '< peer', peer: 'kube-linter 3.3 s' }, peak: { budget: '< 300 MiB' } }
    : {};
  return [
    { what: `${what}: CPU`, value: cpu, unit: 's', ...budget.cpu },
    { what: `${what}: wall`, value: wall, unit: 's' },
    { what: `${what}: peak PSS of the process tree`, value: peak, unit: 'MiB', ...budget.peak },
  ];
}

type Counts = Readonly<Record<string, number>>;

/** What the generator calls each weakness, and how many of our results say it. */
function weaknessesIn(report: ScanReport): Counts {
  const failing = report.targets.flatMap(({ policies }) => policies.filter(({ verdict }) => verdict === 'fail'));
  const byPolicy = Map.groupBy(failing, ({ policy }) => policy);
  const count = (policy: string, text = ''): number =>
    (byPolicy.get(policy) ?? []).filter(({ message }) => message.includes(text)).length;
  return {
    privileged: count('no-privileged-containers'),
    /* A privileged container escalates too; the generator counts it but once. */
    'privilege-escalation-not-off': count('no-privilege-escalation') - count('no-privileged-containers'),
    'capability-added': count('no-added-capabilities'),
    'root-fs-writable': count('read-only-root-filesystem'),
    'not-nonroot': count('run-as-non-root'),
    'image-latest-or-no-tag': count('pinned-image-tags'),
    'no-limits': count('resource-limits'),
    'host-network': count('no-host-namespaces', 'hostNetwork'),
    'host-pid': count('no-host-namespaces', 'hostPID'),
    'host-path': count('no-host-path-volumes'),
    'password-in-env': count('no-secrets-in-environment'),
  };
}

function compareWithTruth(result: BenchResult, manifests: string, env: NodeJS.ProcessEnv): void {
  const truth = JSON.parse(readFileSync(`${manifests}.truth.json`, 'utf8')) as Counts;
  const { stdout } = spawnSync(COMMAND, ['policy', 'eval', manifests, '--quiet', '--output', 'json'], {
    env,
    encoding: 'utf8',
    maxBuffer: LARGEST_OUTPUT,
  });
  const report = JSON.parse(stdout) as ScanReport;
  const objects = report.targets.reduce((sum, { items }) => sum + items, 0);
  const expected = Object.entries(truth).reduce((sum, [name, n]) => sum + (name.startsWith('kind ') ? n : 0), 0);
  const ours = { ...weaknessesIn(report), objects };
  const wanted: Counts = { ...truth, objects: expected };
  const wrong = Object.entries(ours).filter(([name, value]) => value !== wanted[name]);
  result.inputs.push(
    `${objects} objects; weaknesses counted: ${Object.entries(ours)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
  );
  for (const [name, value] of wrong) result.inputs.push(`WRONG: ${name} is ${wanted[name]}, we count ${value}`);
  const total = Object.keys(ours).length;
  result.rows.push({
    what: 'counts that equal the truth',
    value: total - wrong.length,
    unit: `of ${total}`,
    budget: `${total}`,
  });
}

/** Nine rules of Kyverno by Kyverno itself; by us with all that is in force beside. Both have to find the same. */
async function compareWithKyverno(result: BenchResult, manifests: string, env: NodeJS.ProcessEnv): Promise<void> {
  const rules = writeNineRules(dirname(manifests));
  const theirs = await applyKyverno(rules, flatten(manifests));
  const judging = ['policy', 'eval', manifests, '--policies', rules, '--quiet'];
  const ours = await measureCommand(COMMAND, judging, env);
  addBeside(result, `${basename(manifests)}, nine rules of Kyverno, ours beside them`, ours, theirs.cost);
  const { stdout } = spawnSync(COMMAND, [...judging, '--output', 'json'], {
    env,
    encoding: 'utf8',
    maxBuffer: LARGEST_OUTPUT,
  });
  const { targets } = JSON.parse(stdout) as ScanReport;
  const failing = targets
    .flatMap(({ policies }) => policies)
    .filter(({ policy, verdict }) => policy === 'nine-rules' && verdict === 'fail').length;
  result.rows.push({ what: 'failures of the nine rules', value: failing, unit: '', budget: `= ${theirs.failing}` });
}

/** Objects judged in a second of CPU, everything else left out. */
function measureEvaluation(result: BenchResult, manifests: string): void {
  const objects = readdirSync(manifests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((source) => {
      const text = readFileSync(join(manifests, source), 'utf8');
      return readManifestText({ source, text, inChart: false }).objects;
    });
  const { policies } = loadPolicies(builtInPolicies().policies);
  let rate = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (const { object, place } of objects) {
      evaluatePolicies(policies, { id: 'bench', object, place, exposure: [] }, 'build', [], '2026-01-01T00:00:00Z');
    }
    const { user, system } = process.cpuUsage(before);
    rate = Math.max(rate, (objects.length * 1e6) / (user + system));
  }
  result.inputs.push(`${policies.length} policies in force`);
  result.rows.push({ what: 'evaluation alone', value: Math.round(rate), unit: 'objects/CPU s', budget: '> 20,000' });
}
