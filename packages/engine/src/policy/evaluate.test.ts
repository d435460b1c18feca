import type { JsonObject, Policy, PolicyResult, VulnerabilityMatch } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vulnerabilityFact } from './facts/vulnerability.ts';
import { gate } from './gate.ts';
import { loadPolicies } from './load-policies.ts';
import { container, deployment, evaluate, policy, privileged } from './testing/sample-policies.ts';

describe('evaluatePolicies', () => {
  it('gives one result for each container, with the place of the one that fails', () => {
    const results = evaluate([privileged], {
      object: deployment(container('web', false), container('proxy', true)),
      place: { source: 'web.yaml', document: 1 },
    });
    expect(results.map(({ element, verdict, message }) => [element, verdict, message])).toEqual([
      ['proxy', 'fail', 'proxy is privileged'],
      ['init', 'fail', 'init is privileged'],
      ['web', 'pass', 'Title of privileged'],
    ]);
    expect(results[0]?.place).toEqual({
      source: 'web.yaml',
      document: 1,
      pointer: ['spec', 'template', 'spec', 'containers', 1, 'securityContext', 'privileged'],
    });
  });

  it('has nothing to say of what a policy does not match', () => {
    const object = deployment(container('web', true));
    const silent = (match: Policy['spec']['match']): PolicyResult[] =>
      evaluate([{ ...privileged, spec: { ...privileged.spec, match } }], { object });
    expect(silent({ kinds: ['Pod'] })).toEqual([]);
    expect(silent({ namespaces: { exclude: ['sh*'] } })).toEqual([]);
    expect(silent({ namespaces: { include: ['kube-system'] } })).toEqual([]);
    expect(silent({ labels: { team: 'b' } })).toEqual([]);
    expect(silent({ kinds: ['Deployment'], namespaces: { include: ['shop'] }, labels: { team: 'a' } })).not.toEqual([]);
    expect(evaluate([privileged], { object: { kind: 'ConfigMap', metadata: { name: 'x' } } })).toEqual([]);
    expect(
      evaluate([{ ...privileged, spec: { ...privileged.spec, phases: ['run'], enforcement: {} } }], { object }),
    ).toEqual([]);
  });

  it('calls unknown what it could not see, and never passes it', () => {
    const shapes: unknown[] = [
      {},
      { template: null },
      { template: { spec: { containers: 'none' } } },
      { template: { spec: { containers: [null] } } },
      'text',
    ];
    for (const spec of shapes) {
      const [result] = evaluate([privileged], { object: { kind: 'Deployment', spec } as JsonObject });
      expect(result?.verdict, JSON.stringify(spec)).toBe('unknown');
    }
  });

  it('does not go through containers without end, and does not pass what it left', () => {
    const object = deployment(...Array.from({ length: 1_200 }, () => container('a', false)));
    expect(evaluate([privileged], { object })).toMatchObject([
      { verdict: 'unknown', message: 'could not be judged: the object has more than 1000 containers' },
    ]);
  });

  it('judges images by their vulnerabilities, one result for each that fails', () => {
    const exploited = policy('exploited', [
      { each: 'vulnerabilities', expr: 'has(v.fixedVersion) && v.knownExploited', message: 'v.id' },
    ]);
    const match = (id: string, fixedVersion: string | undefined, since?: string): VulnerabilityMatch => ({
      id,
      aliases: [],
      advisories: [],
      component: 'c',
      componentName: 'openssl',
      version: '3.0',
      purl: 'pkg:deb/debian/openssl@3.0',
      fixedVersion,
      severity: 'high',
      exploitation: { knownExploitedSince: since, ransomware: false },
      summary: '',
      source: '',
      confidence: 'high',
      reason: '',
    });
    const matches = [match('CVE-1', '3.1', '2024-01-01'), match('CVE-2', undefined), match('CVE-3', '3.1')];
    const facts = (catalogueImported: boolean) =>
      matches.map((found) => vulnerabilityFact(found, { catalogueImported }));

    const results = evaluate([exploited], { vulnerabilities: facts(true) });
    expect(results.map(({ element, verdict }) => [element, verdict])).toEqual([['CVE-1 in openssl 3.0', 'fail']]);

    const blind = evaluate([exploited], { vulnerabilities: facts(false) });
    expect(blind.map(({ verdict, missing }) => [verdict, missing])).toEqual([
      ['fail', []],
      ['unknown', ['known-exploited catalogue']],
    ]);
    expect(evaluate([exploited], {})).toMatchObject([{ verdict: 'unknown', missing: ['vulnerabilities'] }]);
    expect(evaluate([exploited], { vulnerabilities: [] })).toMatchObject([{ verdict: 'pass' }]);
    expect(evaluate([exploited], { object: deployment() })).toEqual([]);
  });

  it('judges what is no Kubernetes object by the facts it is given', () => {
    const facts = {
      workload: { kind: 'Service', name: 'web' },
      containers: [{ name: 'web', image: 'web:1', privileged: true }],
    };
    expect(evaluate([privileged], { facts })).toMatchObject([{ element: 'web', verdict: 'fail' }]);
  });

  it('takes a field that is null as not set, as an API server does', () => {
    const object = { kind: 'Pod', spec: { containers: [{ name: 'a', securityContext: null }] } };
    expect(evaluate([privileged], { object })).toMatchObject([{ verdict: 'pass' }]);
  });

  it('never throws, whatever stands in the object', () => {
    const kind = fc.constantFrom('Pod', 'Deployment', 'CronJob', 'Service', 'Role');
    const everything = policy('everything', [
      {
        each: 'containers',
        expr: 'c.capabilitiesAdded.exists(x, x == c.image) || c.hostPorts.size() > 0',
        message: 'c.name',
      },
      { expr: "workload.hostNetwork || workload.hostPaths.exists(p, p.startsWith('/'))", message: 'workload.name' },
    ]);
    fc.assert(
      fc.property(kind, fc.jsonValue(), fc.jsonValue(), (name, metadata, spec) => {
        const object = { kind: name, metadata, spec: name === 'Pod' ? spec : { template: { spec } } } as JsonObject;
        const results = evaluate([everything, privileged], { object });
        expect(evaluate([everything, privileged], { object })).toEqual(results);
      }),
    );
  });
});

describe('gate', () => {
  const result = (
    verdict: PolicyResult['verdict'],
    enforcement: PolicyResult['enforcement'],
    changes: Partial<PolicyResult> = {},
  ): PolicyResult => ({
    policy: 'p',
    title: 't',
    severity: 'high',
    subject: 's',
    phase: 'build',
    verdict,
    enforcement,
    message: '',
    fix: '',
    missing: [],
    ...changes,
  });

  it.each([
    ['nothing judged', [], 'pass'],
    ['a failure that blocks', [result('fail', 'block')], 'fail'],
    ['failures that do not', [result('fail', 'warn'), result('fail', 'audit')], 'pass'],
    ['an unknown that blocks', [result('unknown', 'block'), result('pass', 'block')], 'unknown'],
    ['an unknown that no gate needs', [result('unknown', 'audit')], 'pass'],
    ['a failure beside an unknown', [result('unknown', 'block'), result('fail', 'block')], 'fail'],
    ['a failure of another phase', [result('fail', 'block', { phase: 'deploy' })], 'pass'],
  ] as const)('%s', (_, results, verdict) => {
    expect(gate([...results], 'build').verdict).toBe(verdict);
  });
});

describe('what passes', () => {
  it('keeps nothing of one subject for the next', () => {
    const judge = () => evaluate([privileged], { object: deployment(container('a', false), container('b', false)) });
    const first = judge();
    expect(first).toHaveLength(3);
    expect(judge()).toEqual(first);
  });
});

describe('loadPolicies', () => {
  it('warns of facts that nothing supplies yet, and keeps the policy', () => {
    const asking = policy('asking', [{ expr: "profile.known || object.kind == 'Pod'", message: "'no'" }]);
    const { policies, unknowns } = loadPolicies([{ policy: asking, place: { source: 'policy.yaml' } }]);
    expect(policies).toHaveLength(1);
    expect(unknowns.map(({ code, subject, place, message }) => [code, subject, place.source, message])).toEqual([
      [
        'policy-fact-unsupplied',
        'asking',
        'policy.yaml',
        expect.stringContaining('asks for profile, which nothing supplies yet'),
      ],
    ]);
  });

  it.each<[string, Policy, (string | number)[], RegExp]>([
    [
      'an expression',
      policy('p', [{ expr: 'workload.hostNetwork &&\n nobody', message: "''" }]),
      ['spec', 'forbid', 0, 'expr'],
      /2:2: undeclared/,
    ],
    ['a message', policy('p', [{ expr: 'true', message: 'oops(' }]), ['spec', 'forbid', 0, 'message'], /1:6/],
    [
      'c without each',
      policy('p', [{ expr: 'c.privileged', message: "''" }]),
      ['spec', 'forbid', 0, 'expr'],
      /undeclared reference to 'c'/,
    ],
    ['no rule', policy('p', []), ['spec'], /no rule/],
    [
      'what only events have, without events',
      policy('p', [{ expr: 'process.uid == 0', message: "''" }]),
      ['spec', 'match'],
      /asks for process, and match.events names no kind/,
    ],
    [
      'a kind of event that there is not',
      policy('p', [{ expr: 'process.uid == 0', message: "''" }], { match: { events: ['exec', 'execve'] } }),
      ['spec', 'match', 'events', 1],
      /no kind of event named execve/,
    ],
    [
      'a field that events have not',
      policy('p', [{ expr: "event.file.pth == '/'", message: "''" }], { match: { events: ['open'] } }),
      ['spec', 'forbid', 0, 'expr'],
      /1:11: 'file' has no field 'pth'/,
    ],
    [
      'enforcement outside its phases',
      policy('p', [{ expr: 'true', message: "''" }], { enforcement: { run: 'block' } }),
      ['spec', 'enforcement', 'run'],
      /not among/,
    ],
    [
      'a case with an unknown fact',
      policy('p', [{ expr: 'true', message: "''" }], {
        cases: [{ name: 'x', given: { objekt: {} }, verdict: 'pass' }],
      }),
      ['spec', 'cases', 0, 'given', 'objekt'],
      /no fact named objekt/,
    ],
  ])('refuses %s with its place, and goes on', (_, broken, pointer, message) => {
    const place = { source: 'p.yaml', document: 2 };
    const loaded = loadPolicies([
      { policy: broken, place },
      { policy: privileged, place },
    ]);
    expect(loaded.policies.map((compiled) => compiled.policy.metadata.name)).toEqual(['privileged']);
    expect(loaded.unknowns).toHaveLength(1);
    expect(loaded.unknowns[0]?.place).toEqual({ ...place, pointer });
    expect(loaded.unknowns[0]?.message).toMatch(message);
  });

  it('refuses a second policy of the same name', () => {
    const place = { source: 'p.yaml' };
    const loaded = loadPolicies([
      { policy: privileged, place },
      { policy: privileged, place },
    ]);
    expect(loaded.policies).toHaveLength(1);
    expect(loaded.unknowns).toMatchObject([{ code: 'policy-invalid' }]);
  });
});
