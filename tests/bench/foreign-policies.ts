import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledPolicy, evaluatePolicies, loadPolicies } from '@breakwater/engine/policy';
import { compileForeignPolicies } from '@breakwater/engine/policy/foreign';
import type { JsonObject } from '@breakwater/model';
import { builtInPolicies, type ForeignRead, readForeign } from '@breakwater/sources/policies';
import type { BenchResult } from './result.ts';

const CASES = join(import.meta.dirname, '../../../shared/suites/policies-kyverno/cases.jsonl');
const ROUNDS = 5;

interface Case {
  policies: { kind: string; metadata: { name: string } }[];
  resources: JsonObject[];
}

/** What Kyverno's policies as they are cost: compiling them, and judging objects by all of them at once. */
export async function run(): Promise<BenchResult> {
  const result: BenchResult = { name: 'foreign-policies', inputs: [], rows: [] };
  if (!existsSync(CASES)) {
    result.inputs.push('nothing measured: ../shared/suites/policies-kyverno is not there');
    return result;
  }
  const lines = readFileSync(CASES, 'utf8').trim().split('\n');
  const cases = lines.map((line) => JSON.parse(line) as Case);
  const read: ForeignRead = { foreign: [], unknowns: [] };
  const documents = cases.flatMap((one) => one.policies);
  const distinct = new Map(documents.map((document) => [`${document.kind} ${document.metadata.name}`, document]));
  for (const [source, document] of distinct) readForeign(document, { source }, read);
  const ours = loadPolicies(builtInPolicies().policies).all;
  const compile = (): CompiledPolicy[] => compileForeignPolicies(read.foreign, { ours }).policies;
  const policies = compile();
  const objects = cases.flatMap(({ resources }) => resources);
  result.inputs.push(`${policies.length} policies of Kyverno, ${objects.length} objects, best of ${ROUNDS} rounds`);
  result.rows.push({ what: 'compile them', value: milliseconds(compile), unit: 'ms CPU' });
  const judgeAll = (): void => {
    for (const object of objects) judge(policies, object);
  };
  result.rows.push({
    what: 'judge an object by all of them',
    value: (milliseconds(judgeAll) * 1000) / objects.length,
    unit: 'us CPU',
    budget: '< 500',
  });
  return result;
}

function judge(policies: CompiledPolicy[], object: JsonObject): void {
  evaluatePolicies(policies, { id: 'bench', object, namespace: 'default' }, 'deploy', [], '2026-01-01T00:00:00Z');
}

/** CPU of this process in the best of some rounds. */
function milliseconds(work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
