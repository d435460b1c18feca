import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInPolicies } from '@breakwater/sources/policies';
import { describe, expect, it } from 'vitest';
import { CHECKS, podSecuritySuite } from './pod-security.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'pod-security');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));
const VERSIONS = Array.from({ length: 38 }, (_, minor) => `v1.${minor}`);

interface Case {
  level: string;
  expect: 'pass' | 'fail';
  check: string;
  versions: string[];
  pod: Record<string, unknown>;
}

interface Verdict {
  verdict: string;
  checks: string[];
}

/** A HostProcess pod has to share the network of its node. */
const comesWith = (check: string): string[] => (check === 'windowsHostProcess' ? ['hostNamespaces'] : []);

/** Restricted checks that stand for a baseline check where both are in force. */
const REPLACED: Record<string, string> = {
  hostPathVolumes: 'restrictedVolumes',
  capabilities_baseline: 'capabilities_restricted',
  seccompProfile_baseline: 'seccompProfile_restricted',
  procMount: 'procMount_restricted',
};

async function verdictsOf(level: string, versions: string[], pod: unknown): Promise<Record<string, Verdict>> {
  const said = await podSecuritySuite.answer({ level, versions, pod }, FOLDER);
  if (!('answer' in said)) throw new Error(said.unsupported);
  return (said.answer as { verdicts: Record<string, Verdict> }).verdicts;
}

/** First and last version in which each check fails, from 1.0 to 1.37. */
async function failures(level: string, spec: object, metadata = {}): Promise<Record<string, string>> {
  const verdicts = await verdictsOf(level, VERSIONS, { kind: 'Pod', metadata, spec });
  const spans: Record<string, string> = {};
  for (const check of new Set(VERSIONS.flatMap((version) => verdicts[version]!.checks))) {
    const failing = VERSIONS.filter((version) => verdicts[version]!.checks.includes(check));
    spans[check] = `${failing[0]} to ${failing.at(-1)}`;
  }
  return spans;
}

const container = (securityContext: object = {}): object => ({ name: 'a', image: 'a', securityContext });
const HARDENED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

describe('Pod Security Standards', () => {
  it('have a policy for every check', () => {
    const names = builtInPolicies().policies.map(({ policy }) => policy.metadata.name);
    expect(Object.values(CHECKS).flatMap(Object.keys)).toSatisfy((all: string[]) =>
      all.every((name) => names.includes(name)),
    );
  });

  it.each([
    ['the pod that says nothing at baseline', 'baseline', { containers: [container()] }, {}],
    [
      'the pod that says nothing at restricted',
      'restricted',
      { containers: [container()] },
      {
        allowPrivilegeEscalation: 'v1.8 to v1.37',
        capabilities_restricted: 'v1.22 to v1.37',
        runAsNonRoot: 'v1.0 to v1.37',
        seccompProfile_restricted: 'v1.19 to v1.37',
      },
    ],
    [
      'Windows, which lacks what Linux has',
      'restricted',
      { os: { name: 'windows' }, containers: [container({ runAsNonRoot: true })] },
      {
        allowPrivilegeEscalation: 'v1.8 to v1.24',
        capabilities_restricted: 'v1.22 to v1.24',
        seccompProfile_restricted: 'v1.19 to v1.24',
      },
    ],
    [
      'root among users of its own',
      'restricted',
      { hostUsers: false, containers: [container({ ...HARDENED, runAsNonRoot: false, runAsUser: 0 })] },
      { runAsNonRoot: 'v1.0 to v1.34', runAsUser: 'v1.23 to v1.34' },
    ],
    [
      'an unmasked /proc among users of its own',
      'baseline',
      { hostUsers: false, containers: [container({ procMount: 'Unmasked' })] },
      { procMount: 'v1.0 to v1.34' },
    ],
    [
      'SELinux for containers that run containers',
      'baseline',
      { containers: [container({ seLinuxOptions: { type: 'container_engine_t' } })] },
      { seLinuxOptions: 'v1.0 to v1.30' },
    ],
    [
      'buffers of TCP',
      'baseline',
      { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_wmem', value: '1' }] }, containers: [container()] },
      { sysctls: 'v1.0 to v1.31' },
    ],
    [
      'slow start',
      'baseline',
      {
        securityContext: { sysctls: [{ name: 'net.ipv4.tcp_slow_start_after_idle', value: '0' }] },
        containers: [container()],
      },
      { sysctls: 'v1.0 to v1.36' },
    ],
    [
      'a probe of another host, by a container for debugging',
      'baseline',
      { containers: [container()], ephemeralContainers: [{ name: 'd', livenessProbe: { tcpSocket: { host: 'b' } } }] },
      { hostProbesAndHostLifecycle: 'v1.34 to v1.37' },
    ],
    [
      'an unconfined container at baseline',
      'baseline',
      { containers: [container({ seccompProfile: { type: 'Unconfined' } })] },
      { seccompProfile_baseline: 'v1.19 to v1.37' },
    ],
    [
      'what replaces a baseline check at restricted',
      'restricted',
      {
        hostUsers: false,
        volumes: [{ name: 'v', hostPath: { path: '/' } }],
        containers: [container(HARDENED)],
        initContainers: [
          container({
            ...HARDENED,
            procMount: 'Unmasked',
            capabilities: { drop: ['ALL'], add: ['SYS_TIME'] },
            seccompProfile: { type: 'Unconfined' },
          }),
        ],
      },
      {
        capabilities_baseline: 'v1.0 to v1.21',
        capabilities_restricted: 'v1.22 to v1.37',
        procMount: 'v1.0 to v1.34',
        procMount_restricted: 'v1.35 to v1.37',
        restrictedVolumes: 'v1.0 to v1.37',
        seccompProfile_restricted: 'v1.19 to v1.37',
      },
    ],
  ])('judge %s as each version does', async (_, level, spec, expected) => {
    expect(await failures(level, spec)).toEqual(expected);
  });

  it.each([
    ['PodTemplate', (template: object) => ({ template })],
    ['Deployment', (template: object) => ({ spec: { template } })],
    ['StatefulSet', (template: object) => ({ spec: { template } })],
    ['DaemonSet', (template: object) => ({ spec: { template } })],
    ['ReplicaSet', (template: object) => ({ spec: { template } })],
    ['ReplicationController', (template: object) => ({ spec: { template } })],
    ['Job', (template: object) => ({ spec: { template } })],
    ['CronJob', (template: object) => ({ spec: { jobTemplate: { spec: { template } } } })],
  ])('judge a %s by the pods that it makes', async (kind, hold) => {
    const metadata = { annotations: { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' } };
    const spec = {
      hostPID: true,
      volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }],
      containers: [container({ seLinuxOptions: { user: 'u' } })],
    };
    const pod = await verdictsOf('restricted', ['v1.7'], { kind: 'Pod', metadata, spec });
    expect(pod['v1.7']?.checks).toEqual([
      'appArmorProfile',
      'hostNamespaces',
      'restrictedVolumes',
      'runAsNonRoot',
      'seLinuxOptions',
    ]);
    const object = { kind, metadata: { name: 'a' }, ...hold({ metadata, spec }) };
    expect(await verdictsOf('restricted', ['v1.7'], object)).toEqual(pod);
  });

  it('judge annotations of seccomp until there was a field', async () => {
    const annotations = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' };
    expect(await failures('baseline', { containers: [container()] }, { annotations })).toEqual({
      seccompProfile_baseline: 'v1.0 to v1.18',
    });
  });
});

describe.skipIf(MISSING)('conformance: the suite `pod-security` (skipped where ../shared/suites is absent)', () => {
  const cases: Case[] = MISSING
    ? []
    : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));

  it('judges every pod as every version does, for the check that it was written for and no other', async () => {
    expect(cases.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const { level, expect: expected, check, versions, pod } of cases) {
      const verdicts = await verdictsOf(level, versions, pod);
      const accepted = level === 'restricted' ? [check, REPLACED[check]] : [check];
      for (const version of versions) {
        const { verdict, checks } = verdicts[version]!;
        const named = checks.filter((name) => !comesWith(check).includes(name));
        const right = expected === 'pass' ? named.length === 0 : named.length === 1 && accepted.includes(named[0]);
        if (verdict !== expected || !right) wrong.push(`${level} ${version} ${check}: ${verdict} ${checks.join(' ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
