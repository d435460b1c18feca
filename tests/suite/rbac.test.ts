import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rbacSuite } from './rbac.ts';

const SUITES = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites');
const FOLDER = join(SUITES, 'rbac');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

interface Case {
  id: string;
  [field: string]: unknown;
}
interface Judge {
  judge(item: Case, answer: unknown, context: { cases: Case[] }): readonly string[] | undefined;
}

describe.skipIf(MISSING)('conformance: the suite `rbac` (skipped where ../shared/suites is absent)', () => {
  it('finds the paths that the source asserts, and no others', async () => {
    const lines = readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8').trim().split('\n');
    const cases = lines.map((line) => JSON.parse(line) as Case);
    const { judge } = (await import(pathToFileURL(join(SUITES, 'judging', 'rbac.mjs')).href)) as Judge;
    const wrong: string[] = [];
    for (const item of cases) {
      const fields = rbacSuite.reads.map((field) => [field, item[field]] as const);
      const said = await rbacSuite.answer(Object.fromEntries(fields), FOLDER);
      if (!('answer' in said) || judge(item, said.answer, { cases }) !== undefined) wrong.push(item.id);
    }
    expect(wrong).toEqual([]);
  });
});

const ESTATE = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: operator}
rules:
- {apiGroups: [""], resources: [pods/exec], verbs: [create], resourceNames: [tracer]}
- {apiGroups: [""], resources: [pods], verbs: [patch]}
- {apiGroups: [apps], resources: [secrets], verbs: [get]}
- {apiGroups: [""], resources: [serviceaccounts], verbs: [impersonate], resourceNames: [robot]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: operators, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
subjects: [{kind: ServiceAccount, name: robot}]
---
apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: shop}
spec:
  hostPID: true
  serviceAccountName: robot
  volumes: [{name: kernel, hostPath: {path: /proc/sys}}]
  containers:
  - {name: trace, image: a, securityContext: {capabilities: {add: [SYS_PTRACE]}}}
  - {name: core, image: a, volumeMounts: [{name: kernel, mountPath: /kernel}]}
  - {name: reader, image: a, volumeMounts: [{name: kernel, mountPath: /kernel, readOnly: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  automountServiceAccountToken: false
  containers: [{name: web, image: a, securityContext: {privileged: true}}]
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: bank}
spec:
  automountServiceAccountToken: false
  volumes: [{name: logs, hostPath: {path: /var/}}]
  containers: [{name: logger, image: a, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}]
`;

const BINDINGS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: own, namespace: shop}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings], verbs: [create]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [roles, clusterroles], verbs: [bind], resourceNames: [own, reader]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: own}
subjects: [{kind: ServiceAccount, name: robot}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: other}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: c, namespace: bank}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: other}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: d}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: other, namespace: shop}]
`;

describe('attacks of an estate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-rbac-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    writeFileSync(join(folder, 'bindings.yaml'), BINDINGS);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const pairs = async (fields: Record<string, unknown>): Promise<unknown> => {
    const said = await rbacSuite.answer({ manifests: ['estate.yaml'], nodes: ['one'], ...fields }, folder);
    return 'answer' in said ? (said.answer as { pairs: unknown }).pairs : said.unsupported;
  };

  it.each<[string, [string, string][]]>([
    ['POD_EXEC', [['operator::operators', 'tracer']]],
    [
      'POD_PATCH',
      [
        ['operator::operators', 'tracer'],
        ['operator::operators', 'web'],
      ],
    ],
    ['POD_CREATE', []],
    ['TOKEN_BRUTEFORCE', []],
    ['PERMISSION_DISCOVER', [['robot', 'operator::operators']]],
    [
      'IDENTITY_ASSUME',
      [
        ['trace', 'robot'],
        ['core', 'robot'],
        ['reader', 'robot'],
        ['one', 'system:nodes'],
      ],
    ],
    ['CE_SYS_PTRACE', [['trace', 'one']]],
    ['CE_UMH_CORE_PATTERN', [['core', 'one']]],
    ['CE_NSENTER', []],
    ['CE_VAR_LOG_SYMLINK', []],
    ['IDENTITY_IMPERSONATE', [['operator::operators', 'robot']]],
    [
      'VOLUME_DISCOVER',
      [
        ['core', 'kernel'],
        ['reader', 'kernel'],
        ['logger', 'logs'],
      ],
    ],
    [
      'VOLUME_ACCESS',
      [
        ['one', 'kernel'],
        ['one', 'kernel'],
        ['one', 'logs'],
      ],
    ],
    ['EXPLOIT_HOST_WRITE', [['kernel', 'one']]],
    ['EXPLOIT_HOST_READ', []],
    ['EXPLOIT_HOST_TRAVERSE', [['logger', 'robot']]],
    ['TOKEN_STEAL', [['kube-api-access', 'robot']]],
    [
      'POD_ATTACH',
      [
        ['one', 'tracer'],
        ['one', 'web'],
        ['one', 'other'],
      ],
    ],
    ['SHARE_PS_NAMESPACE', []],
  ])('%s', async (edge, expected) => {
    expect(await pairs({ edge })).toEqual(expected);
  });

  it('keep bindings to the namespace and the roles that may be bound', async () => {
    expect(await pairs({ edge: 'ROLE_BIND', manifests: ['bindings.yaml'] })).toEqual([['own::a', 'reader::b']]);
  });

  it('are told of one kind of vertex', async () => {
    expect(await pairs({ edge: 'IDENTITY_ASSUME', from_class: 'Node' })).toEqual([['one', 'system:nodes']]);
    expect(await pairs({ edge: 'EXPLOIT_HOST_TRAVERSE', scope: { 'from.container': ['core'] } })).toEqual([]);
  });

  it('are told inside a scope', async () => {
    expect(await pairs({ edge: 'CONTAINER_ATTACH', scope: { 'to.namespace': 'bank' } })).toEqual([['other', 'logger']]);
    expect(await pairs({ edge: 'CE_PRIV_MOUNT', scope: { 'from.name': 'trace' } })).toEqual([]);
  });

  it('that are not told are unsupported', async () => {
    expect(await pairs({ edge: 'NO_SUCH_ATTACK' })).toBe('the attack NO_SUCH_ATTACK is not told');
    expect(await pairs({ edge: 'POD_EXEC', scope: { 'from.critical': true } })).toMatch(/^the scope/);
  });
});

const OPEN = `
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  serviceAccountName: robot
  shareProcessNamespace: true
  volumes: [{name: disk, hostPath: {path: /etc}}]
  containers:
  - {name: web, image: 'a:1', command: [sh], ports: [{containerPort: 8080}], securityContext: {privileged: true, runAsUser: 7}}
  - {name: plain, image: 'b:1', volumeMounts: [{name: disk, mountPath: /host, readOnly: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: shop}
spec: {automountServiceAccountToken: false, containers: [{name: alone, image: a, ports: [{name: jmx, containerPort: 9, hostPort: 9}]}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: robot, namespace: shop}]
`;

describe('what else is asked of an estate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-rbac-'));
    writeFileSync(join(folder, 'open.yaml'), OPEN);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const asked = async (fields: Record<string, unknown>): Promise<unknown> => {
    const nodes = ['kind-control-plane', 'kind-worker'];
    const said = await rbacSuite.answer({ manifests: ['open.yaml'], nodes, ...fields }, folder);
    return 'answer' in said ? Object.values(said.answer as object).at(-1) : said.unsupported;
  };

  it.each<[string, string[], unknown[]]>([
    [
      'containers of the estate',
      ['name', 'pod', 'privileged', 'runAsUser', 'command', 'node'],
      [
        { name: 'web', pod: 'web', privileged: true, runAsUser: 7, command: ['sh'], node: 'kind-worker' },
        { name: 'plain', pod: 'web', privileged: false, runAsUser: 0, command: [], node: 'kind-worker' },
        { name: 'alone', pod: 'alone', privileged: false, runAsUser: 0, command: [], node: 'kind-worker' },
      ],
    ],
    [
      'pods of the estate',
      ['name', 'serviceAccount', 'shareProcessNamespace'],
      [
        { name: 'web', serviceAccount: 'robot', shareProcessNamespace: true },
        { name: 'alone', serviceAccount: 'default', shareProcessNamespace: false },
      ],
    ],
    [
      'host path volumes of the estate',
      ['name', 'sourcePath', 'mountPath', 'readonly'],
      [{ name: 'disk', sourcePath: '/etc', mountPath: '/host', readonly: true }],
    ],
    [
      'endpoints of the estate',
      ['port', 'portName', 'exposure'],
      [
        { port: 80, portName: 'http', exposure: 'External' },
        { port: 9, portName: 'jmx', exposure: 'NodeIP' },
      ],
    ],
    ['permission sets', ['name', 'critical'], [{ name: 'cluster-admin::all', critical: true }]],
  ])('%s', async (question, columns, rows) => {
    expect(await asked({ ask: 'rows', question, columns })).toEqual(rows);
  });

  it('by a property that is not told is unsupported', async () => {
    expect(await asked({ ask: 'rows', question: 'pods', columns: ['weight'] })).toBe('a property is not told');
  });

  it('who exploits an endpoint', async () => {
    const said = await rbacSuite.answer({ manifests: ['open.yaml'], nodes: ['one'], edge: 'ENDPOINT_EXPLOIT' }, folder);
    expect(said).toMatchObject({
      answer: {
        pairs: [
          ['http', 'web'],
          ['jmx', 'alone'],
        ],
      },
    });
  });

  it('ways to the whole cluster, the shortest first', async () => {
    const [first] = (await asked({ ask: 'paths', from_class: 'Container' })) as string[][];
    expect(first).toEqual(['Container', 'IDENTITY_ASSUME', 'Identity', 'PERMISSION_DISCOVER', 'PermissionSet']);
    const all = (await asked({ ask: 'paths', from_class: 'Endpoint' })) as string[][];
    expect(all.map((path) => path.join(' '))).toContain(
      'Endpoint ENDPOINT_EXPLOIT Container CE_PRIV_MOUNT Node IDENTITY_ASSUME Identity PERMISSION_DISCOVER PermissionSet',
    );
  });

  it('whether something has a way there, or is it', async () => {
    const keys = ['web', 'plain', 'alone', 'cluster-admin', 'robot'];
    expect(await asked({ ask: 'values', keys })).toEqual({
      web: true,
      plain: true,
      alone: false,
      'cluster-admin': true,
      robot: false,
    });
    expect(await asked({ ask: 'values', keys: ['steps from containers', 'steps from endpoints'] })).toEqual({
      'steps from containers': 2,
      'steps from endpoints': 3,
    });
  });
});
