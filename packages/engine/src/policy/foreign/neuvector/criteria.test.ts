import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { Authorizer } from '../../cel/index.ts';
import { estateOfLists } from '../../facts/estate/index.ts';
import type { PolicySubject } from '../../facts/facts.ts';
import { type Criterion, deny, deployment, exported, judge, verdict } from './neuvector.fixture.ts';

describe('criteria of NeuVector', () => {
  const env = (...names: string[]): JsonObject => ({ env: names.map((name) => ({ name, value: 'x' })) });

  it.each<[Criterion, JsonObject, string]>([
    [['envVars', 'containsAll', 'a,b'], deployment(env('a', 'b', 'c')), 'fail'],
    [['envVars', 'containsAll', 'a,b'], deployment(env('a')), 'pass'],
    [['envVars', 'containsAny', 'a, b'], deployment(env('b')), 'fail'],
    [['envVars', 'containsAny', 'a=x'], deployment(env('a')), 'fail'],
    [['envVars', 'containsAny', 'a=y'], deployment(env('a')), 'pass'],
    [['envVars', 'notContainsAny', 'a,b'], deployment(), 'fail'],
    [['envVars', 'containsOtherThan', 'a,b'], deployment(env('a', 'c')), 'fail'],
    [['envVars', 'containsOtherThan', 'a,b'], deployment(), 'pass'],
    [['labels', 'containsAny', 'app=w*'], deployment(), 'fail'],
    [['labels', 'containsAll', 'team,app'], deployment({}, {}, { team: 'a' }), 'fail'],
    [['annotations', 'containsAny', 'owner'], deployment(), 'pass'],
    [['namespace', 'containsAny', 'sh*,other'], deployment(), 'fail'],
    [['namespace', 'notContainsAny', 'shop'], deployment(), 'pass'],
    [['image', 'containsAny', 'nginx,redis'], deployment(), 'fail'],
    [['image', 'containsAny', 'nginx:1.2?'], deployment(), 'fail'],
    [['image', 'containsAny', 'nginx:1.2'], deployment(), 'pass'],
    [['image', 'containsAny', 'docker.io/library/nginx'], deployment(), 'fail'],
    [['image', 'notContainsAny', 'library/*'], deployment(), 'pass'],
    [['image', 'containsAny', 'quay.io/*'], deployment({ image: 'quay.io/coreos/etcd:v3@sha256:0' }), 'pass'],
    [['image', 'containsAny', 'quay.io/*'], deployment({ image: 'quay.io/coreos/etcd:v3' }), 'fail'],
    [['imageRegistry', 'containsAny', 'https://index.docker.io/'], deployment(), 'fail'],
    [['imageRegistry', 'notContainsAny', 'docker.io,quay.io'], deployment({ image: 'gcr.io/a/b' }), 'fail'],
    [['runAsPrivileged', '=', 'true'], deployment({ securityContext: { privileged: true } }), 'fail'],
    [['runAsPrivileged', '=', 'false'], deployment(), 'fail'],
    [['runAsRoot', '=', 'true'], deployment({ securityContext: { runAsUser: 0 } }), 'fail'],
    [['runAsRoot', '=', 'true'], deployment({ securityContext: { runAsUser: 7 } }), 'pass'],
    [['runAsRoot', '=', 'true'], deployment({ securityContext: { runAsNonRoot: true } }), 'pass'],
    [['runAsRoot', '=', 'true'], deployment(), 'unknown'],
    [['allowPrivEscalation', '=', 'true'], deployment({ securityContext: { allowPrivilegeEscalation: true } }), 'fail'],
    [['allowPrivEscalation', '=', 'true'], deployment(), 'pass'],
    [['shareIpcWithHost', '=', 'true'], deployment({}, { hostIPC: true }), 'fail'],
    [['sharePidWithHost', '=', 'true'], deployment({}, { hostIPC: true }), 'pass'],
    [['pspCompliance', '=', 'true'], deployment({}, { hostNetwork: true }), 'fail'],
    [['pspCompliance', '=', 'true'], deployment({ securityContext: { runAsUser: 7 } }), 'pass'],
    [
      ['mountVolumes', 'containsAny', '/var/run/*'],
      deployment(
        { volumeMounts: [{ name: 'v' }] },
        { volumes: [{ name: 'v', hostPath: { path: '/var/run/docker.sock' } }] },
      ),
      'fail',
    ],
    [
      ['mountVolumes', 'containsAny', '/var/run/*'],
      deployment({}, { volumes: [{ name: 'v', hostPath: { path: '/var/run/docker.sock' } }] }),
      'pass',
    ],
    [['envVarSecrets', '=', 'true'], deployment({ env: [{ name: 'DB_PASSWORD', value: 'correct-horse' }] }), 'fail'],
    [
      ['envVarSecrets', '=', 'true'],
      deployment({ env: [{ name: 'KEY', value: '-----BEGIN RSA PRIVATE KEY-----' }] }),
      'fail',
    ],
    [
      ['envVarSecrets', '=', 'true'],
      deployment({
        env: [
          { name: 'DB_PASSWORD', valueFrom: {} },
          { name: 'HOME', value: '/root' },
        ],
      }),
      'pass',
    ],
    [
      ['resourceLimit', '', '', [['cpuLimit', '>', '1']]],
      deployment({ resources: { limits: { cpu: '1500m' } } }),
      'fail',
    ],
    [
      ['resourceLimit', '', '', [['cpuLimit', '<=', '1.5']]],
      deployment({ resources: { limits: { cpu: '1500m' } } }),
      'fail',
    ],
    [
      ['resourceLimit', '', '', [['memoryRequest', '>', '1Gi']]],
      deployment({ resources: { requests: { memory: '512Mi' } } }),
      'pass',
    ],
    [['resourceLimit', '', '', [['memoryLimit', '>', '1']]], deployment(), 'pass'],
    [
      ['storageClassName', 'containsAny', 'fast'],
      { kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec: { storageClassName: 'fast' } },
      'fail',
    ],
    [
      ['storageClassName', 'notContainsAny', 'fast'],
      { kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec: { storageClassName: 'slow' } },
      'fail',
    ],
    [['shareIpcWithHost', '=', 'true'], { kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec: {} }, 'pass'],
    [['user', 'containsAny', 'jane'], deployment(), 'unknown'],
    [['cveHighCount', '>=', '1'], deployment(), 'unknown'],
    [['imageScanned', '=', 'false'], deployment(), 'fail'],
    [['imageSigned', '=', 'false'], deployment(), 'unknown'],
    [['somethingNew', '=', 'true'], deployment(), 'unknown'],
  ])('%j', (criterion, object, expected) => {
    expect(verdict(exported(deny(criterion)), object)).toBe(expected);
  });

  it('say nothing of what makes no pods', () => {
    expect(
      judge(exported(deny(['namespace', 'notContainsAny', 'x'])), { kind: 'Service', metadata: { name: 's' } }),
    ).toEqual([]);
  });

  it('know who asks, what the API server allows and what is mounted', () => {
    const asked = { facts: { request: { userInfo: { username: 'jane', groups: ['dev', 'ops'] } } } };
    expect(verdict(exported(deny(['user', 'regex', '^ja'])), deployment(), asked)).toBe('fail');
    expect(verdict(exported(deny(['userGroups', 'containsOtherThan', 'dev'])), deployment(), asked)).toBe('fail');
    const allowed = (resource: string): Partial<PolicySubject> => ({
      facts: {
        authorizer: new Authorizer((question) => ({
          allowed: question.resource === resource && question.user === 'system:serviceaccount:shop:default',
        })),
      },
    });
    const risky = exported(deny(['saBindRiskyRole', 'containsTagAny', 'risky_role_view_secret,risky_role_create_pod']));
    expect(verdict(risky, deployment(), allowed('secrets'))).toBe('fail');
    expect(verdict(risky, deployment(), allowed('nodes'))).toBe('pass');
    expect(verdict(risky, deployment())).toBe('unknown');
    const estate = estateOfLists({
      RoleBinding: [
        {
          metadata: { name: 'b', namespace: 'shop' },
          roleRef: { kind: 'ClusterRole', name: 'edit' },
          subjects: [{ kind: 'ServiceAccount', name: 'default' }],
        },
      ],
      PersistentVolumeClaim: [{ metadata: { name: 'data', namespace: 'shop' }, spec: { storageClassName: 'fast' } }],
    });
    expect(verdict(risky, deployment(), { facts: { estate } })).toBe('fail');
    const claims = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] };
    expect(
      verdict(exported(deny(['storageClassName', 'containsAny', 'fast'])), deployment({}, claims), {
        facts: { estate },
      }),
    ).toBe('fail');
    expect(verdict(exported(deny(['storageClassName', 'containsAny', 'fast'])), deployment({}, claims))).toBe(
      'unknown',
    );
  });

  it('count vulnerabilities, each once, and leave open what is not dated', () => {
    const found = (id: string, severity: string, more: object = {}) => ({
      id,
      aliases: [],
      component: 'c',
      version: '1',
      purl: '',
      severity,
      knownExploited: false,
      ransomware: false,
      epss: 0,
      evidence: 'cannot-tell',
      ...more,
    });
    const vulnerabilities = [
      found('CVE-1', 'critical', { score: 9.8, fixedVersion: '2' }),
      found('CVE-1', 'critical', { score: 9.8, fixedVersion: '2' }),
      found('CVE-2', 'high', { score: 7.1, published: '2025-12-30' }),
      found('CVE-3', 'medium', { score: 5, published: '2020-01-01' }),
    ];
    const of = (criterion: Criterion): string => verdict(exported(deny(criterion)), deployment(), { vulnerabilities });
    expect(of(['cveHighCount', '>=', '2'])).toBe('fail');
    expect(of(['cveHighCount', '>=', '3'])).toBe('pass');
    expect(of(['cveHighCountNoCritical', '>=', '2'])).toBe('pass');
    expect(of(['cveHighWithFixCount', '>=', '1'])).toBe('fail');
    expect(of(['cveMediumCount', '>=', '1', [['publishDays', '>=', '30']]])).toBe('fail');
    expect(of(['cveHighCountNoCritical', '>=', '1', [['publishDays', '>=', '30']]])).toBe('pass');
    expect(of(['cveCriticalCount', '>=', '1', [['publishDays', '>=', '30']]])).toBe('unknown');
    expect(of(['cveScoreCount', '>=', '7', [['count', '>=', '2']]])).toBe('fail');
    expect(of(['cveScoreCount', '>=', '9', [['count', '>=', '2']]])).toBe('pass');
    expect(of(['cveNames', 'containsAll', 'CVE-1,CVE-3'])).toBe('fail');
    expect(of(['imageScanned', '=', 'false'])).toBe('pass');
  });

  it.each<[Criterion, (number | undefined)[], string, string]>([
    [['cveScore', '>=', '7'], [5], 'high', 'pass'],
    [['cveScore', '>=', '7'], [5, undefined], 'high', 'unknown'],
    [['cveScore', '>=', '7'], [7, undefined], 'high', 'fail'],
    [['cveScore', '>=', '7'], [undefined], 'low', 'pass'],
    [['cveScore', '<', '7'], [5, undefined], 'high', 'unknown'],
    [['cveScore', '<', '7'], [8, undefined], 'high', 'pass'],
    [['cveScore', '=', '7'], [5, undefined], 'high', 'unknown'],
    [['cveScore', '=', '7'], [], 'high', 'pass'],
  ])('hold the highest score of all against a number: %j %j %s', (criterion, scores, severity, expected) => {
    const vulnerabilities = scores.map((score, index) => ({
      id: `CVE-${index}`,
      aliases: [],
      component: 'c',
      version: '1',
      purl: '',
      severity,
      knownExploited: false,
      ransomware: false,
      epss: 0,
      evidence: 'cannot-tell',
      ...(score === undefined ? {} : { score }),
    }));
    expect(verdict(exported(deny(criterion)), deployment(), { vulnerabilities })).toBe(expected);
  });

  it.each<[JsonObject, string]>([
    [{ op: 'exist', path: 'item.spec.containers[_].securityContext' }, 'pass'],
    [{ op: 'notExist', path: 'item.spec.containers.0.securityContext' }, 'fail'],
    [{ op: 'containsAny', path: 'item.spec.containers[_].image', value: 'nginx:*', value_type: 'string' }, 'fail'],
    [{ op: 'containsOtherThan', path: 'item.metadata.labels', value: 'app', value_type: 'string' }, 'pass'],
    [{ op: '>', path: 'item.spec.terminationGracePeriodSeconds', value: '10', value_type: 'number' }, 'fail'],
    [{ op: '=', path: 'item.spec.hostNetwork', value: 'true', value_type: 'boolean' }, 'pass'],
    [{ op: 'exist', path: 'item.__proto__.toString' }, 'pass'],
  ])('on a path: %j', (criterion, expected) => {
    const rules = exported({ ...deny(), criteria: [{ name: 'customPath', type: 'customPath', ...criterion }] });
    expect(verdict(rules, deployment({}, { terminationGracePeriodSeconds: 30 }))).toBe(expected);
  });
});
