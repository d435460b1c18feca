import type { JsonObject, Phase } from '@breakwater/model';
import type { KyvernoPodSecurityExclusion } from '@breakwater/model/foreign';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import { evaluatePolicies } from '../../evaluate.ts';
import { podSpecPointer } from '../../facts/workload.ts';
import { parseKubernetesVersion } from '../../kubernetes-version.ts';
import { revisionFor } from '../../select-policies.ts';
import { isRecord, recordOf } from '../loose-values.ts';
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
  const version = parseKubernetesVersion(rule.version);
  if (version === undefined) return missing([`Pod Security Standards of ${rule.version}`]);
  const failures: string[] = [];
  for (const { policy, control, level } of CHECKS) {
    if (rule.level === 'privileged' || (level === 'restricted' && rule.level === 'baseline')) continue;
    const compiled = policies.get(policy);
    if (compiled === undefined) return missing([`the check ${control} of the Pod Security Standards`]);
    const revision = revisionFor(compiled, version);
    if (revision.rules.length === 0) continue;
    const exclusions = rule.exclude.filter(({ controlName }) => controlName === control);
    const judged = exclusions.length === 0 ? pod : withoutExempt(pod, control, exclusions);
    if (judged === undefined) continue;
    const results = evaluatePolicies(
      [revision],
      { id: 'pod', object: judged },
      revision.policy.spec.phases[0] as Phase,
      [],
      MOMENT,
    );
    const undecided = results.find(({ verdict }) => verdict === 'unknown');
    const failed = results.find(({ verdict }) => verdict === 'fail');
    if (failed !== undefined) failures.push(`${control}: ${failed.message}`);
    else if (undecided !== undefined)
      return { status: 'unknown', message: undecided.message, missing: undecided.missing };
  }
  if (failures.length === 0) return PASS;
  const standard = `${rule.level} ${rule.version}`;
  return { status: 'fail', message: `does not keep the Pod Security Standard ${standard}: ${failures.join('; ')}` };
}
