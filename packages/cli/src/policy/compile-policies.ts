import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_NAMESPACES } from '@breakwater/app/admission';
import { openPolicySet } from '@breakwater/app/estate';
import { COMPILE_TARGETS, type Compilation, type CompileOptions, type CompileTarget } from '@breakwater/engine/compile';
import { type CompiledPolicy, parseKubernetesVersion } from '@breakwater/engine/policy';
import { UserError } from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { namedPolicies } from '../assess.ts';
import { EXIT, type Invocation } from '../command.ts';
import { dim, plain, yellow } from '../terminal/style.ts';

/** Compiles policies in force to a target, all or those named: documents to stdout or a folder, what stays out to stderr. */
export async function compilePolicies(
  invocation: Invocation,
  target: CompileTarget,
  policies: readonly string[],
  folder?: string,
): Promise<number> {
  const { compile } = target;
  if (compile === undefined) {
    throw new UserError(`${target.name} is compiled from a profile, not from a policy.`, {
      code: 'target-of-profiles',
      hint: `breakwater policy compile --to ${target.name} PROFILE, or recorded events.`,
    });
  }
  const now = new Date().toISOString();
  const kubernetesVersion = text(invocation, 'kubernetes-version') ?? 'latest';
  const packs = invocation.options['packs'] as string[] | undefined;
  const { policySet, unknowns } = await openPolicySet(namedPolicies(invocation), now, undefined, undefined, {
    kubernetesVersion,
    packs,
  });
  const options: CompileOptions = {
    ...optionsOf(invocation, now.slice(0, 10)),
    exceptions: policySet.exceptions,
    ...kubernetesOption(kubernetesVersion),
  };
  const chosen = choose(policySet.policies, policies);
  const compilations = chosen.map((policy) => compile(policy, options));
  await write(compilations, folder);
  for (const { message } of unknowns) process.stderr.write(`${yellow('unusable')}  ${plain(message)}\n`);
  if (invocation.options['quiet'] !== true) report(compilations);
  const isWhole = policies.length === 0 || compilations.every(({ gaps }) => gaps.length === 0);
  return isWhole && unknowns.length === 0 ? EXIT.passed : EXIT.unknown;
}

const text = ({ options }: Invocation, name: string): string | undefined => options[name] as string | undefined;

/** The target of a name. @throws {UserError} with all that there are */
export function targetNamed(name: string | undefined): CompileTarget {
  const target = COMPILE_TARGETS.find((candidate) => candidate.name === name);
  if (target !== undefined) return target;
  throw new UserError(name === undefined ? 'Compile to what?' : `There is no target named ${name}.`, {
    code: 'target-unknown',
    hint: COMPILE_TARGETS.map((candidate) => `${candidate.name}: ${candidate.summary}`).join('; '),
  });
}

function kubernetesOption(version: string): Pick<CompileOptions, 'kubernetes'> {
  const kubernetes = parseKubernetesVersion(version);
  return kubernetes === undefined ? {} : { kubernetes };
}

function optionsOf(invocation: Invocation, today: string): CompileOptions {
  const until = text(invocation, 'until');
  if (
    until !== undefined &&
    !(/^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(Date.parse(until)) && until >= today)
  ) {
    throw new UserError(`--until takes a day to come such as 2027-01-31, not '${until}'.`, { code: 'option-invalid' });
  }
  const failurePolicy = text(invocation, 'failure-policy') ?? 'Fail';
  if (failurePolicy !== 'Fail' && failurePolicy !== 'Ignore') {
    throw new UserError(`--failure-policy takes Fail or Ignore, not '${failurePolicy}'.`, { code: 'option-invalid' });
  }
  const excluded = invocation.options['exclude-namespace'] as string[] | undefined;
  return {
    today,
    failurePolicy,
    excludedNamespaces: excluded ?? [...SYSTEM_NAMESPACES],
    ...(until === undefined ? {} : { until }),
  };
}

/** The policies named, in force or not named at all. */
function choose(policies: readonly CompiledPolicy[], names: readonly string[]): readonly CompiledPolicy[] {
  if (names.length === 0) return policies.filter(({ policy }) => policy.spec.phases.includes('deploy'));
  return names.map((name) => {
    const found = policies.find(({ policy }) => policy.metadata.name === name);
    if (found !== undefined) return found;
    throw new UserError(`There is no policy named ${name} in force.`, {
      code: 'policy-unknown',
      hint: 'breakwater policy where lists them; --policies and --packs put more in force.',
    });
  });
}

async function write(compilations: readonly Compilation[], folder: string | undefined): Promise<void> {
  const written = compilations.filter(({ objects }) => objects.length > 0);
  if (folder === undefined || folder === '-') {
    process.stdout.write(await yamlDocuments(written.flatMap(({ objects }) => objects)));
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const { policy, objects } of written)
    writeFileSync(join(folder, `${policy}.yaml`), await yamlDocuments(objects));
}

/** What stays out and why, and the day on which the rest ends. */
function report(compilations: readonly Compilation[]): void {
  for (const { policy, gaps } of compilations) {
    const reasons = [...new Set(gaps.map(({ message }) => message))];
    if (reasons.length > 0)
      process.stderr.write(`${yellow('not compiled')}  ${policy}: ${plain(reasons.join('; '))}\n`);
  }
  const days = compilations.flatMap(({ validUntil }) => validUntil ?? []).sort();
  if (days[0] !== undefined)
    process.stderr.write(`${yellow('compile again')}  after ${days[0]}: an exception ends then\n`);
  const compiled = compilations.filter(({ objects }) => objects.length > 0).length;
  process.stderr.write(dim(`${compiled} of ${compilations.length} policies compiled; the webhook keeps the rest\n`));
}
