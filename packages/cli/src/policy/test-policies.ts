import { openPolicySet } from '@breakwater/app/estate';
import { testPolicy, type UntestedRule, untestedRules } from '@breakwater/engine/policy/cases';
import { builtInPoliciesWithCases } from '@breakwater/sources/policies';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';
import { exitCode, type PolicyAction } from './action.ts';
import { printJson, showUnusable } from './show-unusable.ts';

/** Runs the cases of every policy, ours and those of the given files, and says what they do not show. */
export const testPolicies: PolicyAction = async (invocation, paths) => {
  const output = outputOption(invocation, ['table', 'json']);
  const { all, unknowns } = await openPolicySet(paths, new Date().toISOString(), undefined, builtInPoliciesWithCases());
  const ours = all.filter(({ judge }) => judge === undefined);
  const results = ours.flatMap(testPolicy);
  const untested = ours.flatMap(untestedRules);
  const failed = results.filter((result) => !result.passed);
  const code = exitCode(failed.length > 0, unknowns.length > 0);
  if (output === 'json') {
    printJson({ results, untested, unknowns });
    return code;
  }
  for (const { policy, name, expected, actual, message } of failed) {
    const why = message === '' ? '' : ` (${plain(message)})`;
    process.stdout.write(
      `${red('failed')}  ${plain(policy)}: ${plain(name)}: expected ${expected}, got ${actual}${why}\n`,
    );
  }
  showUnusable(unknowns);
  for (const rule of untested) process.stdout.write(`${yellow('untested')}  ${describeUntested(rule)}\n`);
  const verdict = failed.length === 0 && unknowns.length === 0 ? green('passed') : red('failed');
  process.stdout.write(
    `${verdict}: ${countOf(ours.length, 'policy', 'policies')}, ${countOf(results.length, 'case')}, ${failed.length} failed\n`,
  );
  return code;
};

const LACKS: Record<UntestedRule['lacks'][number], string> = {
  fail: 'shows something that it refuses',
  pass: 'shows something that it lets pass',
};

const describeUntested = ({ policy, list, index, lacks }: UntestedRule): string =>
  `${plain(policy)}: no case of ${list}[${index}] ${lacks.map((lack) => LACKS[lack]).join(', and none ')}`;
