import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledPolicy, loadPolicies } from '@breakwater/engine/policy';
import { Detector } from '@breakwater/engine/policy/events';
import type { RuntimeEvent } from '@breakwater/model';
import { readEventBatches } from '@breakwater/sources/events';
import { builtInPolicies, builtInPoliciesWithCases } from '@breakwater/sources/policies';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventOf, readDetectorCases } from './detection/detector-cases.ts';
import { type Counterpart, policiesFor, readMapping } from './detection/mapping.ts';

const RUNTIME = join(import.meta.dirname, '../../../shared/runtime');
const isHere = existsSync(RUNTIME);
const WITHOUT = isHere ? '' : ' (left out: no ../shared/runtime)';

const { policies } = loadPolicies(builtInPolicies().policies);
const onEvents = policies.filter(({ policy }) => policy.spec.match.events !== undefined);
const named = new Map(policies.map((compiled) => [compiled.policy.metadata.name, compiled]));
const json = (path: string) => JSON.parse(readFileSync(join(RUNTIME, path), 'utf8'));

/** Recorded events of the cases of ours, with the policy that each is of. */
const recorded = builtInPoliciesWithCases().policies.flatMap(({ policy }) =>
  policy.spec.match.events === undefined
    ? []
    : policy.spec.cases.map((example) => ({
        policy: policy.metadata.name,
        verdict: example.verdict,
        events: (example.given['events'] ?? []) as unknown as RuntimeEvent[],
      })),
);

const failing = (detector: Detector, event: RuntimeEvent): string[] =>
  detector.judge(event).flatMap(({ result }) => (result.verdict === 'fail' ? [result.policy] : []));

/** The same policy with an expression that no look-up can tell anything of: it is evaluated on every event. */
function askedAlways(compiled: CompiledPolicy): CompiledPolicy {
  const rules = compiled.rules.map((rule) => ({
    ...rule,
    expression: { ...rule.expression, source: 'event.time.matches(event.time)', evaluate: rule.expression.evaluate },
  }));
  return { ...compiled, rules, revisions: rules };
}

describe('policies on events', () => {
  it('name techniques of MITRE ATT&CK, never block unasked, and warn of what is bad', () => {
    for (const { policy } of onEvents) {
      const { controls, enforcement, severity, phases } = policy.spec;
      expect(controls['mitre'], policy.metadata.name).toSatisfy(
        (tags: string[]) => tags.every((tag) => /^T\d{4}(\.\d{3})?$/.test(tag)) && tags.length > 0,
      );
      expect(phases).toEqual(['run']);
      expect(enforcement.run, policy.metadata.name).toMatch(/^(warn|audit)$/);
      if (severity === 'critical') expect(enforcement.run, policy.metadata.name).toBe('warn');
    }
  });

  it('are found by what they ask for: looking up finds what evaluating all of them finds', () => {
    const alone = onEvents.map((compiled) => ({ ...compiled, revisions: compiled.rules }));
    const everything = alone.map((compiled) => new Detector([askedAlways(compiled)]));
    const together = new Detector(alone);
    const pool = recorded.flatMap(({ events }) => events);
    const part = <K extends keyof RuntimeEvent>(key: K) => fc.constantFrom(...pool.map((event) => event[key]));
    const events = fc.record(
      {
        source: fc.constant('sensor' as const),
        time: fc.constant('2026-11-22T15:30:00.000Z'),
        type: fc.constantFrom(...pool.map(({ type }) => type)),
        process: part('process'),
        parent: part('parent'),
        file: part('file'),
        peer: part('peer'),
        call: part('call'),
        callArguments: part('callArguments'),
      },
      { requiredKeys: ['source', 'time', 'type'] },
    );
    fc.assert(
      fc.property(events, (mixed) => {
        const event = Object.fromEntries(
          Object.entries(mixed).filter(([, value]) => value !== undefined),
        ) as unknown as RuntimeEvent;
        const one = everything.flatMap((detector) =>
          detector.judge(event).map(({ result }) => `${result.policy} ${result.verdict}`),
        );
        const all = together.judge(event).map(({ result }) => `${result.policy} ${result.verdict}`);
        expect(all.sort()).toEqual(one.sort());
      }),
      { numRuns: 300 },
    );
  });
});

describe(`rules of others${WITHOUT}`, () => {
  const falco = readMapping('falco');
  const tracee = readMapping('tracee');

  it('have counterparts that there are', () => {
    for (const counterpart of [...Object.values(falco), ...Object.values(tracee)]) {
      for (const policy of policiesFor(counterpart))
        expect(named.get(policy)?.policy.spec.match.events, policy).toBeDefined();
      for (const policy of 'objects' in counterpart ? counterpart.objects : [])
        expect(builtInPolicies().policies.map((document) => document.policy.metadata.name)).toContain(policy);
    }
  });

  it.skipIf(!isHere)('are all named, as covered or as what cannot be expressed', () => {
    const rules: string[] = json('falco/rules-index.json').rules.map(({ rule }: { rule: string }) => rule);
    const detectors: string[] = readDetectorCases(join(RUNTIME, 'tracee/detector-cases.json')).map(
      ({ detector }) => detector,
    );
    expect(Object.keys(falco).sort()).toEqual([...rules].sort());
    expect(Object.keys(tracee)).toEqual(expect.arrayContaining(detectors));
    const stable: string[] = json('falco/rules-index.json').rules.flatMap(
      ({ rule, tags }: { rule: string; tags: string[] }) => (tags.includes('maturity_stable') ? [rule] : []),
    );
    const open = (names: string[], mapping: Record<string, Counterpart>) =>
      names.filter((name) => 'cannot' in (mapping[name] ?? {}));
    expect(open(stable, falco)).toEqual(['Packet socket created in container']);
    expect(open(Object.keys(falco), falco)).toHaveLength(28);
    expect(open(Object.keys(tracee), tracee)).toHaveLength(6);
  });

  it.skipIf(!isHere)('of which every action of the event generator that events show is met by a recorded event', () => {
    const actions: { action: string; rule: string }[] = json('event-generator-actions.json').actions;
    const detected = new Set(recorded.flatMap(({ policy, verdict }) => (verdict === 'fail' ? [policy] : [])));
    const missed = actions.filter(({ rule }) => !policiesFor(falco[rule]).some((policy) => detected.has(policy)));
    const byObjects = missed.filter(({ rule }) => 'objects' in (falco[rule] ?? {}));
    const others = missed.filter((action) => !byObjects.includes(action)).map(({ action }) => action);
    expect(actions).toHaveLength(79);
    expect(byObjects.map(({ action }) => action)).toEqual([
      'k8saudit.CreateDisallowedPod',
      'k8saudit.CreateModifyConfigmapWithPrivateCredentials',
    ]);
    expect(others).toEqual([
      'syscall.JavaProcessClassFileDownload',
      'syscall.PacketSocketCreatedInContainer',
      'syscall.PotentialLocalPrivilegeEscalationViaEnvironmentVariablesMisuse',
      'syscall.ProgramRunWithDisallowedHttpProxyEnv',
      'k8saudit.CreateNodePortService',
      'k8saudit.K8sConfigMapCreated',
      'k8saudit.K8sDeploymentCreated',
      'k8saudit.K8sServiceCreated',
      'k8saudit.K8sServiceaccountCreated',
    ]);
  });

  it.skipIf(!isHere)('agree with ours on the cases of detectors', () => {
    const wrong: string[] = [];
    let judged = 0;
    for (const example of readDetectorCases(join(RUNTIME, 'tracee/detector-cases.json'))) {
      const event = eventOf(example);
      const wanted = policiesFor(tracee[example.detector]);
      if (event === undefined || wanted.length === 0 || example.case.includes('macOS')) continue;
      judged++;
      const found = failing(new Detector(onEvents), event).some((policy) => wanted.includes(policy));
      if (found !== example.detect) wrong.push(`${example.detector}: ${example.case}`);
    }
    expect(judged).toBeGreaterThan(90);
    expect(wrong).toEqual([]);
  });

  it.skipIf(!isHere)('on audit events fire where ours do', async () => {
    const { files } = json('k8s-audit/expected.json') as {
      files: Record<string, { falco_tests: { detect: boolean; rules?: { rule: string }[] }[] }>;
    };
    const missed: string[] = [];
    for (const [file, { falco_tests: tests }] of Object.entries(files)) {
      const wanted = tests
        .filter(({ detect }) => detect)
        .flatMap(({ rules = [] }) => rules.flatMap(({ rule }) => policiesFor(falco[rule])));
      if (wanted.length === 0) continue;
      const detector = new Detector(onEvents);
      const found = new Set<string>();
      for await (const batch of readEventBatches(join(RUNTIME, 'k8s-audit', file)))
        for (const { event } of batch) if (event) for (const policy of failing(detector, event)) found.add(policy);
      if (!wanted.some((policy) => found.has(policy))) missed.push(`${file}: ${wanted.join(', ')}`);
    }
    expect(missed).toEqual([]);
  });

  it.skipIf(!isHere)('say of everyday recordings what ours do: nothing', async () => {
    const folder = join(RUNTIME, 'tetragon/00_process_lifecycle');
    const detector = new Detector(onEvents.filter(({ policy }) => policy.spec.enforcement.run === 'warn'));
    const found: string[] = [];
    for (const file of readdirSync(folder).filter((name) => /^(cat|lifecycle)/.test(name)))
      for await (const batch of readEventBatches(join(folder, file)))
        for (const { event } of batch) if (event) found.push(...failing(detector, event));
    expect(found).toEqual([]);
  });
});
