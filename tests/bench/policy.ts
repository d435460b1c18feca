import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileExpression, evaluatePolicies, loadPolicies } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';
import { builtInPolicies } from '@breakwater/sources/policies';
import { parse } from '@marcbachmann/cel-js';
import { addBeside, applyKyverno, hasKyverno, writeExpressions } from './kyverno.ts';
import { measureCommand } from './measure-command.ts';
import type { BenchResult } from './result.ts';

const SHARED = join(import.meta.dirname, '../../../shared/bench');
/** cel-js 8.0's figures in nanoseconds on a quiet machine: the budget. */
const BUDGETS: Record<string, number> = {
  replicas: 65,
  labels: 526,
  images: 1596,
  'security-context': 3197,
  baseline: 5585,
};
const TURNS = 50_000;
const ROUNDS = 7;
const FILES = 2_000;
const COPIES = 2_000;
const COMMAND = join(import.meta.dirname, '../../packages/cli/bin/breakwater');

/** Nanoseconds an expression, beside cel-js in the same process, and objects judged by all policies in a second. */
export async function run(): Promise<BenchResult> {
  const result: BenchResult = { name: 'policy', inputs: [], rows: [] };
  if (!existsSync(SHARED)) {
    result.inputs.push('nothing measured: ../shared/bench is not there');
    return result;
  }
  measureExpressions(result);
  measureCompiling(result);
  measureStart(result);
  measurePolicies(result);
  await measureObjects(result);
  if (hasKyverno(result)) await compareWithKyverno(result);
  return result;
}

/** Microseconds of CPU that this process has used. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The best of some rounds, in nanoseconds of CPU a turn. */
function nanoseconds(work: () => unknown, turns = TURNS): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpu();
    for (let turn = 0; turn < turns; turn++) work();
    best = Math.min(best, ((cpu() - before) * 1000) / turns);
  }
  return best;
}

function measureExpressions(result: BenchResult): void {
  const object = JSON.parse(readFileSync(join(SHARED, 'cel/object.json'), 'utf8')) as JsonObject;
  const expressions = JSON.parse(readFileSync(join(SHARED, 'cel/expressions.json'), 'utf8')) as {
    name: string;
    expression: string;
  }[];
  result.inputs.push(`${expressions.length} expressions on one Deployment, ${TURNS} turns, best of ${ROUNDS} rounds`);
  for (const { name, expression } of expressions) {
    const compiled = compileExpression(expression, { variables: ['object'] });
    const peer = parse(expression);
    const bindings = { object };
    const ours = nanoseconds(() => compiled.evaluate(bindings));
    const theirs = nanoseconds(() => peer(bindings));
    result.rows.push({
      what: `${name} (${expression.length} characters)`,
      value: ours,
      unit: 'ns CPU',
      budget: `<= ${BUDGETS[name]}`,
      peer: `cel-js here ${Math.round(theirs)}`,
    });
  }
}

/** Reading and checking the longest expression; closures are made when it is first used. */
function measureCompiling(result: BenchResult): void {
  const expressions = JSON.parse(readFileSync(join(SHARED, 'cel/expressions.json'), 'utf8')) as {
    expression: string;
  }[];
  for (const [what, pick] of [['shortest', 0] as const, ['longest', expressions.length - 1] as const]) {
    const source = expressions[pick]?.expression ?? '';
    const compile = (): unknown => compileExpression(source, { variables: ['object'] });
    result.rows.push({
      what: `compile the ${what} (${source.length} characters)`,
      value: nanoseconds(compile, TURNS / 50) / 1000,
      unit: 'us CPU',
      budget: '< 100 typical',
    });
  }
}

function measureStart(result: BenchResult): void {
  const before = performance.now();
  const files = builtInPolicies();
  const read = performance.now();
  const { policies } = loadPolicies(files.policies);
  result.inputs.push(`${policies.length} built-in policies`);
  result.rows.push({
    what: 'read and check the built-in policies, first time',
    value: read - before,
    unit: 'ms',
    budget: '< 30',
  });
  result.rows.push({ what: 'compile them', value: performance.now() - read, unit: 'ms' });
}

/** One Deployment judged by everything that is in force, and by all packs beside. */
function measurePolicies(result: BenchResult): void {
  const object = JSON.parse(readFileSync(join(SHARED, 'cel/object.json'), 'utf8')) as JsonObject;
  const documents = builtInPolicies().policies;
  const packs = [...new Set(documents.flatMap(({ policy }) => policy.spec.pack ?? []))];
  for (const [what, policies] of [
    ['in force', loadPolicies(documents).policies] as const,
    ['in force with all packs', loadPolicies(documents, { packs }).policies] as const,
  ]) {
    const judge = (): unknown =>
      evaluatePolicies(policies, { id: 'bench', object, exposure: [] }, 'build', [], '2026-01-01T00:00:00Z');
    const applied = new Set(
      evaluatePolicies(policies, { id: 'bench', object, exposure: [] }, 'build', [], '2026-01-01T00:00:00Z').map(
        ({ policy }) => policy,
      ),
    ).size;
    result.rows.push({
      what: `a Deployment by ${policies.length} policies ${what}, of which ${applied} are about it`,
      value: nanoseconds(judge, TURNS / 50) / applied,
      unit: 'ns CPU a policy',
    });
  }
}

/** The five expressions as policies in Kyverno's language on copies of the Deployment: the whole command of each. */
async function compareWithKyverno(result: BenchResult): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state') };
  try {
    const expressions = JSON.parse(readFileSync(join(SHARED, 'cel/expressions.json'), 'utf8'));
    const policies = writeExpressions(folder, expressions);
    const object = JSON.parse(readFileSync(join(SHARED, 'cel/object.json'), 'utf8')) as { metadata: JsonObject };
    const copies = Array.from({ length: COPIES }, (_, index) =>
      JSON.stringify({ ...object, metadata: { ...object.metadata, name: `copy-${index}` } }),
    );
    const objects = join(folder, 'objects.yaml');
    await writeFile(objects, copies.map((copy) => `---\n${copy}\n`).join(''));
    const theirs = await applyKyverno(policies, objects);
    const ours = await measureCommand(COMMAND, ['policy', 'eval', objects, '--policies', policies, '--quiet'], env);
    addBeside(result, `the five on ${COPIES} Deployments, all our policies beside them`, ours, theirs.cost);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureObjects(result: BenchResult): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  try {
    const manifests = join(folder, 'manifests');
    await promisify(execFile)(process.execPath, [join(SHARED, 'gen-manifests.mjs'), manifests, String(FILES)]);
    const objects = readdirSync(manifests, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .flatMap(
        (file) =>
          readManifestText({ source: file, text: readFileSync(join(manifests, file), 'utf8'), inChart: false }).objects,
      )
      .map(({ object }) => object);
    const { policies } = loadPolicies(builtInPolicies().policies);
    result.inputs.push(`${objects.length} objects of ${FILES} generated files`);
    for (const share of [1, 4, 16]) {
      const part = objects.slice(0, Math.ceil(objects.length / share));
      result.rows.push({
        what: `judge ${part.length} objects by all policies`,
        value: rate(part, policies),
        unit: 'objects/CPU s',
        budget: '> 20,000',
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rate(objects: JsonObject[], policies: Parameters<typeof evaluatePolicies>[0]): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpu();
    for (const object of objects) {
      evaluatePolicies(policies, { id: 'bench', object, exposure: [] }, 'build', [], '2026-01-01T00:00:00Z');
    }
    best = Math.max(best, (objects.length * 1e6) / (cpu() - before));
  }
  return Math.round(best);
}
