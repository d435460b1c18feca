import type { JsonObject, Phase, PolicyResult } from '@breakwater/model';
import type { KyvernoPodSecurityExclusion } from '@breakwater/model/foreign';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import { evaluatePolicies } from '../../evaluate.ts';
import { podSpecPointer } from '../../facts/workload.ts';
import { parseKubernetesVersion } from '../../kubernetes-version.ts';
import { isRecord, recordOf } from '../../loose-values.ts';
import { revisionFor } from '../../select-policies.ts';
import { withoutExempt } from './exempt-fields.ts';
import { missing, PASS, type RuleResult, SKIP } from './rule-result.ts';

/** Checks of the Pod Security Standards: the control that each belongs to, and the policy of ours that is the check. */
interface Check {
  policy: string;
  control: string;
  level: 'baseline' | 'restricted';
}

const check = (policy: string, control: string, level: Check['level'] = 'baseline'): Check => ({
  policy,
  control,
  level,
});

/** In the names that the Pod Security Standards give their controls, which Kyverno's exclusions use. */
const CHECKS: readonly Check[] = [
  check('default-proc-mount', '/proc Mount Type'),
  check('no-added-capabilities', 'Capabilities'),
  check('no-host-namespaces', 'Host Namespaces'),
  check('no-host-path-volumes', 'HostPath Volumes'),
  check('no-host-ports', 'Host Ports'),
  check('no-privileged-containers', 'Privileged Containers'),
  check('no-probes-of-other-hosts', 'Host Probes / Lifecycle Hooks'),
  check('no-unconfined-apparmor', 'AppArmor'),
  check('no-unconfined-seccomp', 'Seccomp'),
  check('no-windows-host-processes', 'HostProcess'),
  check('safe-selinux-options', 'SELinux'),
  check('safe-sysctls', 'Sysctls'),
  check('always-default-proc-mount', '/proc Mount Type', 'restricted'),
  check('core-volume-types', 'Volume Types', 'restricted'),
  check('no-privilege-escalation', 'Privilege Escalation', 'restricted'),
  check('no-root-user', 'Running as Non-root user', 'restricted'),
  check('non-root-enforced', 'Running as Non-root', 'restricted'),
  check('only-low-port-capability', 'Capabilities', 'restricted'),
  check('seccomp-profile-set', 'Seccomp', 'restricted'),
];

export interface PodSecurityRule {
  level: 'privileged' | 'baseline' | 'restricted';
  /** `latest`, `v1.29`. */
  version: string;
  exclude: readonly KyvernoPodSecurityExclusion[];
}

/** What all results are dated: nothing in the standards asks for the time. */
const MOMENT = '2026-01-01T00:00:00Z';

/** The pod that an object is or makes. */
function podOf(object: JsonObject): JsonObject | undefined {
  const pointer = podSpecPointer(String(object['kind']));
  if (pointer === undefined) return undefined;
  const holder = pointer.slice(0, -1).reduce<unknown>((value, step) => recordOf(value)[step], object);
  const { spec, metadata } = recordOf(holder);
  if (!isRecord(spec)) return undefined;
  return { apiVersion: 'v1', kind: 'Pod', metadata: recordOf(metadata), spec } as JsonObject;
}

/** Judges the pod of an object by the Pod Security Standards, by the policies of ours that are their checks. */
export function judgePodSecurity(
  object: JsonObject,
  rule: PodSecurityRule,
  policies: ReadonlyMap<string, CompiledPolicy>,
): RuleResult {
  const pod = podOf(object);
  if (pod === undefined) return SKIP;
  const checks = checksFor(rule, policies);
  if (!Array.isArray(checks)) return checks;
  const results = resultsOf(pod, rule.exclude, checks);
  const failed = results.filter(({ verdict }) => verdict === 'fail');
  const undecided = results.find(({ verdict }) => verdict === 'unknown');
  if (failed.length > 0) {
    const told = checks.flatMap(({ compiled, control }) => {
      const first = failed.find(({ policy }) => policy === compiled.policy.metadata.name);
      return first === undefined ? [] : [`${control}: ${first.message}`];
    });
    const standard = `${rule.level} ${rule.version}`;
    return {
      status: 'fail',
      message: `does not keep the Pod Security Standard ${standard}: ${[...new Set(told)].join('; ')}`,
    };
  }
  if (undecided === undefined) return PASS;
  return { status: 'unknown', message: undecided.message, missing: undecided.missing };
}

interface CompiledCheck {
  compiled: CompiledPolicy;
  control: string;
}

const known = new WeakMap<ReadonlyMap<string, CompiledPolicy>, Map<string, CompiledCheck[] | RuleResult>>();

/** The checks of a level as a version has them; worked out once. */
function checksFor(
  { level, version }: PodSecurityRule,
  policies: ReadonlyMap<string, CompiledPolicy>,
): CompiledCheck[] | RuleResult {
  const kept = known.get(policies) ?? new Map<string, CompiledCheck[] | RuleResult>();
  known.set(policies, kept);
  const key = `${level} ${version}`;
  let checks = kept.get(key);
  if (checks === undefined) {
    checks = findChecks(level, version, policies);
    kept.set(key, checks);
  }
  return checks;
}

function findChecks(
  level: PodSecurityRule['level'],
  version: string,
  policies: ReadonlyMap<string, CompiledPolicy>,
): CompiledCheck[] | RuleResult {
  const minor = parseKubernetesVersion(version);
  if (minor === undefined) return missing([`Pod Security Standards of ${version}`]);
  const checks: CompiledCheck[] = [];
  for (const { policy, control, level: least } of CHECKS) {
    if (level === 'privileged' || (least === 'restricted' && level === 'baseline')) continue;
    const compiled = policies.get(policy);
    if (compiled === undefined) return missing([`the check ${control} of the Pod Security Standards`]);
    const revision = revisionFor(compiled, minor);
    if (revision.rules.length > 0) checks.push({ compiled: revision, control });
  }
  return checks;
}

/** What the checks say, each of the pod without what is exempt from it. */
function resultsOf(
  pod: JsonObject,
  exclude: PodSecurityRule['exclude'],
  checks: readonly CompiledCheck[],
): PolicyResult[] {
  const exempt = new Set(exclude.map(({ controlName }) => controlName));
  const whole = checks.filter(({ control }) => !exempt.has(control));
  const rest = checks.filter(({ control }) => exempt.has(control));
  return [
    ...judge(pod, whole),
    ...rest.flatMap((one) =>
      judgeExempt(
        pod,
        one,
        exclude.filter(({ controlName }) => controlName === one.control),
      ),
    ),
  ];
}

/** Takes from the pod what is exempt until the check holds: an exclusion never adds a violation. */
function judgeExempt(pod: JsonObject, one: CompiledCheck, exclusions: PodSecurityRule['exclude']): PolicyResult[] {
  let results = judge(pod, [one]);
  for (const judged of withoutExempt(pod, one.control, exclusions)) {
    if (!results.some(({ verdict }) => verdict === 'fail' || verdict === 'unknown')) break;
    const next = judged === undefined ? [] : judge(judged, [one]);
    if (!next.some(isFailure) || results.some(isFailure)) results = next;
  }
  return results;
}

const isFailure = ({ verdict }: PolicyResult): boolean => verdict === 'fail';

const PHASES: readonly Phase[] = ['build', 'deploy', 'run'];

/** Whatever phases a check has: it is asked for here. */
function judge(object: JsonObject, checks: readonly CompiledCheck[]): PolicyResult[] {
  const compiled = checks.map((one) => one.compiled);
  return PHASES.flatMap((phase) => {
    const first = compiled.filter(({ policy }) => policy.spec.phases[0] === phase);
    return first.length === 0 ? [] : evaluatePolicies(first, { id: 'pod', object }, phase, [], MOMENT);
  });
}
