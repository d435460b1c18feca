import { type CompiledPolicy, evaluatePolicies, loadPolicies, parseKubernetesVersion } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';
import { builtInPolicies } from '@breakwater/sources/policies';
import type { Suite } from './suite.ts';

/** Checks of Pod Security Admission, by the names of our policies that say the same. */
export const CHECKS: Record<'baseline' | 'restricted', Record<string, string>> = {
  baseline: {
    'default-proc-mount': 'procMount',
    'no-added-capabilities': 'capabilities_baseline',
    'no-host-namespaces': 'hostNamespaces',
    'no-host-path-volumes': 'hostPathVolumes',
    'no-host-ports': 'hostPorts',
    'no-privileged-containers': 'privileged',
    'no-probes-of-other-hosts': 'hostProbesAndHostLifecycle',
    'no-unconfined-apparmor': 'appArmorProfile',
    'no-unconfined-seccomp': 'seccompProfile_baseline',
    'no-windows-host-processes': 'windowsHostProcess',
    'safe-selinux-options': 'seLinuxOptions',
    'safe-sysctls': 'sysctls',
  },
  restricted: {
    'always-default-proc-mount': 'procMount_restricted',
    'core-volume-types': 'restrictedVolumes',
    'no-privilege-escalation': 'allowPrivilegeEscalation',
    'no-root-user': 'runAsUser',
    'non-root-enforced': 'runAsNonRoot',
    'only-low-port-capability': 'capabilities_restricted',
    'seccomp-profile-set': 'seccompProfile_restricted',
  },
};

type Level = keyof typeof CHECKS;

const NOW = '2026-01-01T00:00:00Z';
/** The most checks that an answer may name. */
const MAX_CHECKS = 5;

const checksOf = (level: Level): Record<string, string> =>
  level === 'baseline' ? CHECKS.baseline : { ...CHECKS.baseline, ...CHECKS.restricted };

const ours = builtInPolicies().policies;
const inForce = new Map<string, CompiledPolicy[]>();

/** The policies of a level as a version of Kubernetes has them. */
function policiesOf(level: Level, version: string): CompiledPolicy[] {
  const key = `${level} ${version}`;
  const known = inForce.get(key);
  if (known !== undefined) return known;
  const kubernetes = parseKubernetesVersion(version);
  if (kubernetes === undefined) throw new Error(`there is no version ${version}`);
  const checks = checksOf(level);
  const documents = ours.filter(({ policy }) => Object.hasOwn(checks, policy.metadata.name));
  const { policies } = loadPolicies(documents, { kubernetes, packs: ['pod-security-restricted'] });
  inForce.set(key, policies);
  return policies;
}

function judge(level: Level, version: string, pod: JsonObject): { verdict: 'pass' | 'fail'; checks: string[] } {
  const results = evaluatePolicies(policiesOf(level, version), { id: 'pod', object: pod }, 'deploy', [], NOW);
  const names = checksOf(level);
  const failing = results.filter(({ verdict }) => verdict === 'fail').map(({ policy }) => names[policy]!);
  const undecided = results.find(({ verdict }) => verdict === 'unknown');
  if (failing.length === 0 && undecided !== undefined) throw new Error(`${undecided.policy}: ${undecided.message}`);
  const checks = [...new Set(failing)].sort().slice(0, MAX_CHECKS);
  return { verdict: checks.length > 0 ? 'fail' : 'pass', checks };
}

/** Pod Security Standards: pods that each level lets pass or refuses, for every version of Kubernetes. */
export const podSecuritySuite: Suite = {
  name: 'pod-security',
  reads: ['level', 'versions', 'pod'],
  answer({ level, versions, pod }) {
    if (level !== 'baseline' && level !== 'restricted') return { unsupported: `there is no level ${String(level)}` };
    if (!Array.isArray(versions) || typeof pod !== 'object') return { unsupported: 'the case has no versions and pod' };
    const verdicts = versions.map((version: string) => [version, judge(level, version, pod as JsonObject)]);
    return { answer: { verdicts: Object.fromEntries(verdicts) } };
  },
};
