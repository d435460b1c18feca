import { openPolicySet } from '@breakwater/app/estate';
import { testPolicy, type UntestedRule, untestedRules } from '@breakwater/engine/policy/cases';
import { UserError } from '@breakwater/model';
import {
  builtInPolicies,
  builtInPoliciesWithCases,
  type PolicyFiles,
  readPolicies,
} from '@breakwater/sources/policies';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';
import { exitCode, type PolicyAction } from './action.ts';
import { printJson, showUnusable } from './show-unusable.ts';

/** Runs the cases of the policies in the given files, of ours where none is given, and says what they do not show. */
export const testPolicies: PolicyAction = async (invocation, paths) => {
  const output = outputOption(invocation, ['table', 'json']);
  const isOurs = paths.length === 0;
  const builtIn = isOurs ? builtInPoliciesWithCases() : oursBeside(paths);
  const { all, unknowns } = await openPolicySet(paths, new Date().toISOString(), undefined, builtIn);
  const names = new Set(builtIn.policies.map(({ policy }) => policy.metadata.name));
  const tested = all.filter(({ judge, policy }) => judge === undefined && names.has(policy.metadata.name) === isOurs);
  if (tested.length === 0 && unknowns.length === 0) throw nothingToTest(paths);
  const results = tested.flatMap(testPolicy);
  const untested = tested.flatMap(untestedRules);
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
    `${verdict}: ${countOf(tested.length, 'policy', 'policies')}, ${countOf(results.length, 'case')}, ${failed.length} failed\n`,
  );
  return code;
};

/** Ours, without those that the given files hold a copy of: a copy is tested in place of it. */
function oursBeside(paths: readonly string[]): PolicyFiles {
  const copies = new Set(readPolicies([...paths]).policies.map(({ policy }) => policy.metadata.name));
  const ours = builtInPolicies();
  return { ...ours, policies: ours.policies.filter(({ policy }) => !copies.has(policy.metadata.name)) };
}

const nothingToTest = (paths: readonly string[]): UserError =>
  new UserError(`There is no policy of breakwater/v1 in ${paths.join(', ')}.`, {
    code: 'policies-missing',
    hint: 'Without a path the cases of our own policies are run.',
  });

const LACKS: Record<UntestedRule['lacks'][number], string> = {
  fail: 'shows something that it refuses',
  pass: 'shows something that it lets pass',
};

const describeUntested = ({ policy, list, index, lacks }: UntestedRule): string =>
  `${plain(policy)}: no case of ${list}[${index}] ${lacks.map((lack) => LACKS[lack]).join(', and none ')}`;
