import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policiesKyvernoSuite } from './policies-kyverno.ts';

const SUITES = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites');
const FOLDER = join(SUITES, 'policies-kyverno');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

interface Row {
  policy: string;
  rule?: string;
  kind: string;
  resource: string;
  result: string;
}

async function rowsOf(fields: Record<string, unknown>): Promise<Row[]> {
  const said = await policiesKyvernoSuite.answer(fields, FOLDER);
  if (!('answer' in said)) throw new Error(said.unsupported);
  return (said.answer as { rows: Row[] }).rows;
}

const HARDENED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};
const pod = (name: string, container: object = {}, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx:1', securityContext: HARDENED, ...container }], ...spec },
});
const podSecurity = (level: string, exclude: object[] = [], version = 'latest'): object => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'p' },
  spec: {
    rules: [
      {
        name: 'r',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { podSecurity: { level, version, exclude } },
      },
    ],
  },
});
const verdicts = async (policy: object, ...resources: object[]): Promise<string[]> =>
  (await rowsOf({ policies: [policy], resources })).map(({ result }) => result);

const adding = { securityContext: { ...HARDENED, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } };
const confined = { securityContext: { ...HARDENED, seccompProfile: undefined } };

describe('the Pod Security subrule', () => {
  it('judges each level, by the policies of ours that are its checks', async () => {
    const root = pod('root', { securityContext: { ...HARDENED, runAsNonRoot: false } });
    const privileged = pod('privileged', { securityContext: { privileged: true } });
    expect(await verdicts(podSecurity('privileged'), root, privileged)).toEqual(['pass', 'pass']);
    expect(await verdicts(podSecurity('baseline'), root, privileged)).toEqual(['pass', 'fail']);
    expect(await verdicts(podSecurity('restricted'), pod('good'), root, privileged)).toEqual(['pass', 'fail', 'fail']);
  });

  it('judges as a version of Kubernetes does', async () => {
    const probe = pod('probe', { livenessProbe: { tcpSocket: { host: 'b', port: 1 } } });
    expect(await verdicts(podSecurity('baseline', [], 'v1.33'), probe)).toEqual(['pass']);
    expect(await verdicts(podSecurity('baseline', [], 'latest'), probe)).toEqual(['fail']);
    expect(await verdicts(podSecurity('baseline', [], 'never'), probe)).toEqual(['unknown']);
  });

  it('finds nothing wrong for an exclusion: containers keep what they inherit of a pod that complies', async () => {
    const spec = { securityContext: { runAsNonRoot: true } };
    const inherits = { securityContext: { ...HARDENED, runAsNonRoot: undefined } };
    const exclude = { controlName: 'Running as Non-root' };
    const inheriting = pod('inheriting', inherits, spec);
    expect(await verdicts(podSecurity('restricted', [exclude]), inheriting)).toEqual(['pass']);
    const root = { name: 'd', image: 'root:1', securityContext: { ...HARDENED, runAsNonRoot: false } };
    const both = { ...spec, containers: [{ name: 'c', image: 'nginx:1', ...inherits }, root] };
    expect(await verdicts(podSecurity('restricted', [exclude]), pod('both', {}, both))).toEqual(['fail']);
    const excludes = [exclude, { ...exclude, images: ['root:*'] }];
    expect(await verdicts(podSecurity('restricted', excludes), pod('both', {}, both))).toEqual(['pass']);
    const unset = pod('unset', {}, { securityContext: { runAsNonRoot: false } });
    expect(await verdicts(podSecurity('restricted', [exclude]), unset)).toEqual(['pass']);
  });

  it('judges workloads by the pods that they make', async () => {
    const template = (pod('x', adding) as { spec: object }).spec;
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { template: { spec: template } },
    };
    expect(await verdicts(podSecurity('baseline'), deployment)).toEqual(['fail']);
  });

  it.each<[string, object[], object, string]>([
    ['a control for images', [{ controlName: 'Capabilities', images: ['nginx*'] }], pod('a', adding), 'pass'],
    ['a control for other images', [{ controlName: 'Capabilities', images: ['redis*'] }], pod('a', adding), 'fail'],
    ['another control', [{ controlName: 'Seccomp', images: ['*'] }], pod('a', adding), 'fail'],
    [
      'a control of the pod and of containers',
      [{ controlName: 'Seccomp' }, { controlName: 'Seccomp', images: ['*'] }],
      pod('a', confined, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      'pass',
    ],
    [
      'a control of containers alone, where the pod breaks it',
      [{ controlName: 'Seccomp', images: ['*'] }],
      pod('a', {}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      'fail',
    ],
    ['a control of the pod', [{ controlName: 'Host Namespaces' }], pod('a', {}, { hostNetwork: true }), 'pass'],
    [
      'a value of a field',
      [
        {
          controlName: 'Capabilities',
          images: ['*'],
          restrictedField: 'spec.containers[*].securityContext.capabilities.add',
          values: ['SYS_ADMIN'],
        },
      ],
      pod('a', adding),
      'pass',
    ],
    [
      'another value of a field',
      [
        {
          controlName: 'Capabilities',
          images: ['*'],
          restrictedField: 'spec.containers[*].securityContext.capabilities.add',
          values: ['NET_ADMIN'],
        },
      ],
      pod('a', adding),
      'fail',
    ],
    [
      'a type of volume',
      [{ controlName: 'Volume Types', restrictedField: 'spec.volumes[*]', values: ['spec.volumes[*].nfs'] }],
      pod('a', {}, { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] }),
      'pass',
    ],
  ])('exempts %s', async (_, exclude, object, expected) => {
    expect(await verdicts(podSecurity('restricted', exclude), object)).toEqual([expected]);
  });
});

describe.skipIf(MISSING)('conformance: the suite `policies-kyverno` (skipped where ../shared/suites is absent)', () => {
  interface Case {
    id: string;
    expected: {
      policy: string;
      rule?: string;
      kind: string;
      resources: string[];
      result: string;
      isValidatingPolicy?: boolean;
    }[];
    [field: string]: unknown;
  }
  const cases: Case[] = MISSING
    ? []
    : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));

  it('gives every result that the source expects', async () => {
    expect(cases.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const { id, expected, ...fields } of cases) {
      const rows = await rowsOf(fields);
      for (const { policy, rule, kind, resources, result } of expected) {
        for (const resource of resources) {
          const name = rule?.replace(/^autogen-(?:cronjob-)?/, '');
          const found = rows.filter(
            (row) =>
              row.policy === policy &&
              row.kind === kind &&
              (row.rule === undefined || name === undefined || row.rule === name) &&
              (resource.includes('/') ? row.resource === resource : row.resource.endsWith(`/${resource}`)),
          );
          if (found.length === 0 || found.some((row) => row.result !== result)) {
            wrong.push(`${id} ${policy}/${name} ${resource}: ${found.map((row) => row.result).join()} for ${result}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
