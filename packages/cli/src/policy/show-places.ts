import { openPolicySet } from '@breakwater/app/estate';
import { listPlaces, type PlacedPolicy } from '@breakwater/app/policies';
import type { Enforcer, PolicyPlace } from '@breakwater/engine/policy';
import { type Enforcement, UserError } from '@breakwater/model';
import { namedPolicies } from '../assess.ts';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { bold, dim, plain, red, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns } from '../terminal/table.ts';
import { exitCode, type PolicyAction } from './action.ts';
import { printJson, showUnusable } from './show-unusable.ts';

const NAMES: Record<Enforcer, string> = {
  'ci-gate': 'CI gate',
  'validating-admission-policy': 'ValidatingAdmissionPolicy',
  webhook: 'webhook',
  sensor: 'sensor',
  nobody: 'nobody',
};

const RUNGS: Record<Enforcement, string> = { block: red('block'), warn: yellow('warn'), audit: dim('audit') };

/** Lists the policies in force, or those named, with who enforces each in each of its phases, and why. */
export const showPlaces: PolicyAction = async (invocation, names) => {
  const output = outputOption(invocation, ['table', 'json']);
  const kubernetesVersion = invocation.options['kubernetes-version'] as string | undefined;
  const packs = invocation.options['packs'] as string[] | undefined;
  const choice = { kubernetesVersion, packs };
  const now = new Date().toISOString();
  const { policySet, unknowns } = await openPolicySet(namedPolicies(invocation), now, undefined, undefined, choice);
  const listed = listPlaces(policySet, kubernetesVersion);
  const unknown = names.find((name) => !listed.some(({ policy }) => policy === name));
  if (unknown !== undefined) {
    throw new UserError(`There is no policy named ${unknown} in force.`, {
      code: 'policy-unknown',
      hint: '--policies and --packs put more in force.',
    });
  }
  const shown = names.length === 0 ? listed : listed.filter(({ policy }) => names.includes(policy));
  if (output === 'json') printJson({ policies: shown, unknowns });
  else {
    process.stdout.write(`${wrapColumns(shown.flatMap(rowsOf), outputWidth()).join('\n')}\n\n${summary(shown)}\n`);
    showUnusable(unknowns);
  }
  return exitCode(false, unknowns.length > 0);
};

const rowsOf = ({ policy, places }: PlacedPolicy): string[][] =>
  places.map(({ phase, enforcement, by, why }, index) => [
    index === 0 ? bold(plain(policy)) : '',
    phase,
    RUNGS[enforcement],
    by === 'nobody' ? dim(NAMES[by]) : NAMES[by],
    dim(plain(why)),
  ]);

function summary(listed: readonly PlacedPolicy[]): string {
  const places = listed.flatMap((policy) => policy.places);
  const count = (by: Enforcer, phase: PolicyPlace['phase']): number =>
    places.filter((place) => place.by === by && place.phase === phase).length;
  return (
    `${countOf(listed.length, 'policy', 'policies')}. In CI: ${count('ci-gate', 'build')}. At admission: ` +
    `${count('validating-admission-policy', 'deploy')} by the API server itself (breakwater compile ` +
    `validating-admission-policy), ${count('webhook', 'deploy')} by the webhook.`
  );
}
