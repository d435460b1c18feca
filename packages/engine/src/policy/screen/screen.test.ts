import type { JsonObject, Policy, PolicyResult } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { evaluatePolicies, findFaults } from '../evaluate.ts';
import { loadPolicies } from '../load-policies.ts';
import { NOW, policy } from '../testing/sample-policies.ts';
import { partsTold } from './parts-told.ts';
import { planFor } from './plan.ts';
import { readParts } from './read-parts.ts';

/** Every way in which rules read what they judge. */
const POLICIES: Policy[] = [
  policy('privileged', [{ each: 'containers', expr: 'c.privileged', message: "c.name + ' is privileged'" }]),
  policy('root', [{ each: 'containers', expr: 'c.runAsUser == 0 || !c.runAsNonRoot', message: "c.name + ' is root'" }]),
  policy('images', [{ each: 'containers', expr: 'c.image in params.bad', message: 'c.image' }], {
    params: { bad: ['b:1'] },
  }),
  policy('main', [{ each: 'containers', expr: "c.role == 'init' && size(c.limits) == 0", message: 'c.role' }]),
  policy('both', [
    { expr: 'workload.hostNetwork', message: "'the pod is'" },
    {
      each: 'containers',
      expr: "c.spec.?tty.orValue(false) || c.capabilitiesAdded.exists(c, c == 'ALL')",
      message: '',
    },
  ]),
  policy('mixed', [
    { each: 'containers', expr: 'c.privileged', message: "c.name + ' is privileged as ' + c.role", field: 'c.image' },
    {
      expr: "containers.exists(c, c.name == 'a')",
      message: "'one is a'",
      field: ['workload.pod.volumes', 'object.spec'],
    },
  ]),
  policy('far', [{ each: 'containers', expr: 'c.privileged', message: 'c.name + object.metadata.name', field: 'c.x' }]),
  policy('volumes', [{ expr: 'workload.volumes.exists(v, has(v.hostPath))', message: "'a volume'" }]),
  policy('named', [{ expr: "workload.name == 'a' && workload.podLabels.app == 'x'", message: 'workload.name' }]),
  policy('any', [{ expr: "containers.exists(c, c.name == 'a')", message: "'one is a'" }]),
  policy('whole', [{ each: 'containers', expr: 'size(c.spec) > 5', message: "'so much'" }]),
  policy('object', [{ expr: "object.metadata.name == 'b'", message: "'b'" }]),
  policy('labelled', [{ expr: 'workload.hostPID', message: "'pid'" }], { match: { labels: { app: 'x' } } }),
  policy('conditional', [{ expr: 'workload.hostPID', message: "'pid'" }], {
    match: { conditions: [{ name: 'asked', expr: 'request.dryRun' }] },
  }),
];

const compiled = (): CompiledPolicy[] =>
  loadPolicies(POLICIES.map((document) => ({ policy: document, place: { source: 'p.yaml' } }))).policies;

/** Also what no manifest should say. */
const odd = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 9, arbitrary: usual as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: fc.constantFrom(null, 1.5, 'x', [], {}) },
  );
const record = (fields: Record<string, fc.Arbitrary<unknown>>) => odd(fc.record(fields, { requiredKeys: [] }));

const context = record({
  privileged: odd(fc.boolean()),
  runAsNonRoot: odd(fc.boolean()),
  runAsUser: odd(fc.constantFrom(0, 1000)),
  capabilities: record({ add: odd(fc.constantFrom(['ALL'], ['CHOWN'])) }),
});
const aContainer = record({
  name: odd(fc.constantFrom('a', 'b')),
  image: odd(fc.constantFrom('a:1', 'b:1')),
  tty: odd(fc.boolean()),
  securityContext: context,
  resources: record({ limits: odd(fc.constant({ cpu: '1' })) }),
});
const pod = record({
  containers: odd(fc.array(aContainer, { maxLength: 2 })),
  initContainers: odd(fc.array(aContainer, { maxLength: 1 })),
  hostNetwork: odd(fc.boolean()),
  hostPID: odd(fc.boolean()),
  securityContext: context,
  volumes: odd(fc.constantFrom([{ name: 'v', hostPath: { path: '/' } }], [{ name: 'v' }])),
});
const object = fc.record({
  kind: fc.constantFrom('Pod', 'Service'),
  metadata: record({ name: fc.constantFrom('a', 'b'), labels: odd(fc.constantFrom({ app: 'x' }, { app: 'y' })) }),
  spec: pod,
});

describe('judging with what is known of equal parts', () => {
  it('gives what judging one by one gives', () => {
    for (const judge of [findFaults, evaluatePolicies]) {
      const known = compiled();
      const one = (policies: readonly CompiledPolicy[], judged: unknown): PolicyResult[] =>
        judge(policies, { id: 'one', object: judged as JsonObject, place: { source: 'a.yaml' } }, 'build', [], NOW);
      fc.assert(
        fc.property(object, (judged) => {
          expect(one(known, judged)).toEqual(one([...known], judged));
        }),
        { numRuns: 1_000 },
      );
    }
  });

  it('leaves what anything else may decide to be judged itself', () => {
    const policies = compiled();
    const { open } = planFor(policies);
    const left = policies.flatMap(({ policy: { metadata } }, index) => (open[index] === 1 ? metadata.name : []));
    expect(left).toEqual(['mixed', 'any', 'whole', 'object', 'conditional']);
  });
});

describe('partsTold', () => {
  const told = ({ message, field }: { message: string; field?: string }): string[] | undefined => {
    const rule = { each: 'containers', expr: 'c.privileged', message, ...(field !== undefined && { field }) };
    const [one] = loadPolicies([{ policy: policy('one', [rule]), place: { source: 'p.yaml' } }]).policies;
    const found = partsTold(one!.rules[0]!, false);
    return found && [...found.keys()].sort();
  };

  it('takes the parts of the sentence and of the fields that are looked at', () => {
    expect(told({ message: "c.name + ' is'" })).toEqual(['container.name', 'container.securityContext']);
  });

  it('takes the fields that the rule names in their place', () => {
    expect(told({ message: "'is'", field: 'workload.pod.hostPID' })).toEqual(['pod.hostPID']);
    expect(told({ message: "'is'", field: 'object.spec.type' })).toEqual(['object.spec']);
  });

  it('finds more than parts in sentences on other facts, and in fields that are all of something', () => {
    expect(told({ message: 'string(estate.token)' })).toBeUndefined();
    expect(told({ message: 'params.text' })).toBeUndefined();
    expect(told({ message: "'is'", field: 'c' })).toBeUndefined();
  });
});

describe('readParts', () => {
  it.each<[expression: string, parts: string[] | undefined]>([
    ['c.privileged', ['container.securityContext']],
    ['c.runAsNonRoot', ['container.securityContext', 'pod.securityContext']],
    ["c.role == 'main'", ['role']],
    ['has(c.spec.livenessProbe.httpGet.host)', ['container.livenessProbe']],
    ["c.spec.?tty.orValue(false) || c.image == ''", ['container.image', 'container.tty']],
    ['workload.pod.volumes.all(c, has(c.emptyDir))', ['pod.volumes']],
    ['workload.podLabels', ['template.metadata']],
    ["quantity('1').isGreaterThan(quantity('2'))", []],
    ['c.environment.exists(e, workload.hostIPC && e in params.names)', ['container.env', 'pod.hostIPC']],
    ['c == workload.pod', undefined],
    ['size(c.spec) > 1', undefined],
    ["c.spec['image'] == ''", undefined],
    ['c.image == object.metadata.name', undefined],
    ['variables.names.size() == 0', undefined],
    ['now > timestamp(c.image)', undefined],
    ['containers.size() > 1', undefined],
    ['c.unheard == 1', undefined],
  ])('%s', (expression, parts) => {
    const found = readParts(expression)?.parts;
    expect(found && [...found.keys()].sort()).toEqual(parts);
  });
});
