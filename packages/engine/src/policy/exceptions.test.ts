import { Exception, type JsonObject, type Policy } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Controller } from './controllers.ts';
import type { PolicySubject } from './facts/facts.ts';
import { gate } from './gate.ts';
import { container, deployment, evaluate, NOW, policy, privileged } from './testing/sample-policies.ts';

const ALL = { workloads: ['*'] };

describe('exceptions', () => {
  const exception = (spec: Partial<Exception['spec']> = {}): Exception => ({
    apiVersion: 'breakwater/v1',
    kind: 'Exception',
    metadata: { name: 'runner' },
    spec: {
      policies: ['privileged'],
      scope: ALL,
      owner: 'team-ci',
      reason: 'Builds images.',
      expires: '2026-11-21',
      compensating: 'The node pool runs nothing else.',
      ...spec,
    },
  });
  const object = deployment(container('web', true));
  const covered = (spec: Partial<Exception['spec']>, now = NOW): (string | undefined)[] =>
    evaluate([privileged], { object }, { exceptions: [exception(spec)], now }).map((result) => result.exception);

  it.each<[string, Partial<Exception['spec']>, boolean]>([
    ['everything', {}, true],
    ['its namespace', { scope: { namespaces: ['shop'] } }, true],
    ['another namespace', { scope: { namespaces: ['ci'] } }, false],
    ['its name', { scope: { workloads: ['web'] } }, true],
    ['its id', { scope: { workloads: ['default/shop/Deployment/web'] } }, true],
    ['its name in another namespace', { scope: { workloads: ['web'], namespaces: ['ci'] } }, false],
    ['its labels', { scope: { labels: { team: 'a' } } }, true],
    ['other labels', { scope: { labels: { team: 'b' } } }, false],
    ['another policy', { policies: ['other'] }, false],
    ['a vulnerability', { scope: { vulnerabilities: ['CVE-1'] } }, false],
  ])('%s', (_, spec, expected) => {
    expect(covered(spec)).toEqual([expected ? 'runner' : undefined, expected ? 'runner' : undefined]);
  });

  it('cover only the container that runs the image', () => {
    expect(covered({ scope: { images: ['registry.example/web:*'] } })).toEqual(['runner', undefined]);
  });

  it('for one image do not cover what concerns the whole pod', () => {
    const network = policy('privileged', [{ expr: 'workload.hostNetwork', message: "'shares the network'" }]);
    const pod = (...names: string[]): JsonObject => ({
      kind: 'Pod',
      spec: { hostNetwork: true, containers: names.map((name) => container(name, false)) },
    });
    const scoped = [exception({ scope: { images: ['registry.example/web:*'] } })];
    expect(evaluate([network], { object: pod('web') }, { exceptions: scoped })[0]?.exception).toBe('runner');
    expect(evaluate([network], { object: pod('web', 'proxy') }, { exceptions: scoped })[0]?.exception).toBeUndefined();
  });

  it('count through their last day and not after', () => {
    expect(covered({}, '2026-11-21T23:59:59Z')[0]).toBe('runner');
    expect(covered({}, '2026-11-22T00:00:00Z')[0]).toBeUndefined();
  });

  it('leave the result visible and open the gate', () => {
    const results = evaluate([privileged], { object }, { exceptions: [exception()] });
    expect(results.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    expect(gate(results, 'build')).toEqual({ verdict: 'pass', failing: [], unknown: [] });
  });

  it('may cover a fact that is missing', () => {
    const results = evaluate([privileged], { object: { kind: 'Pod', spec: {} } }, { exceptions: [exception()] });
    expect(results).toMatchObject([{ verdict: 'unknown', exception: 'runner' }]);
    expect(gate(results, 'build').verdict).toBe('pass');
  });

  it('for a workload cover the pods that its controller makes, whatever these are called', () => {
    const made = (kind: string, name: string, labels: JsonObject = {}, controller = true): JsonObject => ({
      kind: 'Pod',
      metadata: { name: 'x', namespace: 'shop', labels, ownerReferences: [{ kind, name, controller }] },
      spec: { containers: [container('web', true)] },
    });
    const isCovered = (pod: JsonObject, workload: string): boolean =>
      evaluate([privileged], { object: pod }, { exceptions: [exception({ scope: { workloads: [workload] } })] })[0]
        ?.exception === 'runner';
    const hashed = made('ReplicaSet', 'web-7d4b9c', { 'pod-template-hash': '7d4b9c' });
    expect(isCovered(hashed, 'web')).toBe(true);
    expect(isCovered(hashed, 'default/shop/Deployment/web')).toBe(true);
    expect(isCovered(hashed, 'default/other/Deployment/web')).toBe(false);
    expect(isCovered(hashed, 'we')).toBe(false);
    expect(isCovered(made('ReplicaSet', 'web-7d4b9c'), 'web')).toBe(false);
    expect(isCovered(made('DaemonSet', 'agent'), 'agent')).toBe(true);
    expect(isCovered(made('DaemonSet', 'agent', {}, false), 'agent')).toBe(false);
    expect(isCovered(made('Job', 'backup-29012345'), 'backup')).toBe(true);
    expect(isCovered(made('Job', 'backup-now'), 'backup')).toBe(false);
  });

  it('for a workload cover what was made by controllers as far as the caller has seen them, where it has', () => {
    const pod = (controllers?: Controller[]): PolicySubject => ({
      id: 'default/shop/Pod/x',
      object: {
        kind: 'Pod',
        metadata: {
          name: 'x',
          namespace: 'shop',
          labels: { 'pod-template-hash': '7d' },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d', controller: true }],
        },
        spec: { containers: [container('web', true)] },
      },
      ...(controllers && { controllers }),
    });
    const exceptions = [exception({ scope: { workloads: ['default/shop/Deployment/web'] } })];
    const covered = (subject: PolicySubject): string | undefined =>
      evaluate([privileged], subject, { exceptions })[0]?.exception;
    expect(covered(pod())).toBe('runner');
    expect(covered(pod([{ kind: 'ReplicaSet', name: 'web-7d' }]))).toBeUndefined();
    expect(covered(pod([{ kind: 'Deployment', name: 'web' }]))).toBe('runner');
  });

  it('for a workload cover the deletion of what its controller made, by Kubernetes alone', () => {
    const oldObject: JsonObject = {
      kind: 'Pod',
      metadata: {
        name: 'x',
        namespace: 'shop',
        ownerReferences: [{ kind: 'DaemonSet', name: 'agent', controller: true }],
      },
    };
    const match: Policy['spec']['match'] = { kinds: ['Pod'], operations: ['DELETE'] };
    const kept = policy('kept', [{ expr: 'oldObject != null', message: "'stays'" }], { match });
    const exceptions = [exception({ policies: ['kept'], scope: { workloads: ['agent'] } })];
    const covered = (username: string): string | undefined => {
      const facts = { oldObject, request: { operation: 'DELETE', userInfo: { username } } };
      return evaluate([kept], { facts }, { exceptions, phase: 'deploy' })[0]?.exception;
    };
    expect(covered('system:serviceaccount:kube-system:daemon-set-controller')).toBe('runner');
    expect(covered('mallory')).toBeUndefined();
  });

  it('for a process or an actor cover what they do, and nothing that nobody is known to do', () => {
    const facts = {
      request: { operation: 'CREATE', userInfo: { username: 'system:serviceaccount:ci:runner' } },
      process: { path: '/usr/bin/buildah' },
    };
    const verdicts = (scope: Exception['spec']['scope'], given = {}): boolean =>
      evaluate([privileged], { object, facts: given }, { exceptions: [exception({ scope })] })[0]?.exception ===
      'runner';
    expect(verdicts({ actors: ['system:serviceaccount:ci:*'] }, facts)).toBe(true);
    expect(verdicts({ actors: ['system:serviceaccount:shop:*'] }, facts)).toBe(false);
    expect(verdicts({ actors: ['*'] })).toBe(false);
    expect(verdicts({ processes: ['buildah'] }, facts)).toBe(true);
    expect(verdicts({ processes: ['/usr/bin/*'], actors: ['mallory'] }, facts)).toBe(false);
    expect(verdicts({ processes: ['*'] })).toBe(false);
  });

  it('count in every phase alike', () => {
    const everywhere = policy('privileged', privileged.spec.forbid ?? [], { phases: ['build', 'deploy', 'run'] });
    for (const phase of ['build', 'deploy', 'run'] as const) {
      const results = evaluate([everywhere], { object }, { exceptions: [exception()], phase });
      expect(results.map((result) => result.exception)).toEqual(['runner', 'runner']);
    }
  });

  const words = fc.constantFrom('shop', 'web', 'a', 'team', 'registry.example/web:1', '*', 'sh*', 'x', '__proto__');
  const some = fc.option(fc.array(words, { minLength: 1, maxLength: 3 }), { nil: undefined });
  const scopes = fc
    .record({ namespaces: some, workloads: some, images: some, processes: some, actors: some })
    .map((scope) => Object.fromEntries(Object.entries(scope).filter(([, names]) => names !== undefined)));

  it('cover less, the more their scope says', () => {
    const isCovered = (scope: Exception['spec']['scope']): boolean => covered({ scope })[0] === 'runner';
    fc.assert(
      fc.property(scopes, scopes, (one, other) => {
        if (isCovered({ ...one, ...other })) expect(isCovered(other)).toBe(true);
        if (Object.keys(other).every((part) => !(part in one)) && isCovered(one) && isCovered(other)) {
          expect(isCovered({ ...one, ...other })).toBe(true);
        }
      }),
    );
  });

  it('never change a verdict, nor add or take a result', () => {
    fc.assert(
      fc.property(scopes, (scope) => {
        const bare = evaluate([privileged], { object });
        const results = evaluate([privileged], { object }, { exceptions: [exception({ scope })] });
        expect(results.map(({ exception: _, ...result }) => result)).toEqual(bare);
      }),
    );
  });
});

describe('the schema of exceptions', () => {
  const whole = {
    apiVersion: 'breakwater/v1',
    kind: 'Exception',
    metadata: { name: 'runner' },
    spec: {
      policies: ['privileged'],
      scope: { namespaces: ['ci'] },
      owner: 'team-ci',
      reason: 'Builds images.',
      expires: '2026-11-21',
      compensating: 'The node pool runs nothing else.',
    },
  };

  it.each(Object.keys(whole.spec))('refuses one without %s, and names it', (field) => {
    const { [field as 'owner']: _, ...spec } = whole.spec;
    const { error } = Exception.safeParse({ ...whole, spec });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([`spec.${field}`]);
    expect(Exception.safeParse(whole).success).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing at all', {}],
    ['no namespaces', { namespaces: [] }],
    ['no labels', { labels: {} }],
    ['an empty name', { workloads: [''] }],
    ['what there is not', { cluster: ['a'] }],
  ])('refuses a scope of %s: it would cover everything or nothing', (_, scope) => {
    const { error } = Exception.safeParse({ ...whole, spec: { ...whole.spec, scope } });
    expect(error?.issues[0]?.path.slice(0, 2)).toEqual(['spec', 'scope']);
  });
});
