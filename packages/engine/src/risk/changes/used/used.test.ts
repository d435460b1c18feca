import type { Behaviour, JsonObject, LearnedProfile, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownOf, learnedWeb, pendingOf, unsettled } from '../../../compile/issue/learned.fixture.ts';
import { usesOf } from '../../../evidence/index.ts';
import { fieldAt, fieldOf, listOf, objectOf } from '../../../json/index.ts';
import { deployment, estate, flaw, loaded, manifest, service } from '../../estate.fixture.ts';
import { buildAttackGraph, type EstateFacts } from '../../graph/index.ts';
import { rank } from '../../rank.ts';
import { applyProposals } from '../apply-change.ts';
import { type Proposal, proposeChanges } from '../index.ts';

const log4shell = flaw('CVE-2021-44228', 'log4j-core', {
  exploitation: { ransomware: false, epss: 0.97, knownExploitedSince: '2021-12-10' },
});
const by = (dimension: Behaviour['dimension'], object: string, more: Partial<Behaviour> = {}): Behaviour => ({
  ...{ dimension, actor: '/usr/sbin/nginx', parent: '', object },
  ...more,
});
const QUIET = [by('exec', '/usr/sbin/nginx', { actor: '' }), by('privilege', 'uid 101'), by('listen', '8080/TCP')];
const learned = (behaviours: readonly Behaviour[] = QUIET, changes: Partial<LearnedProfile> = {}): LearnedProfile =>
  learnedWeb({ behaviours: behaviours.map((one) => knownOf(one)), ...changes });

const given = (securityContext: JsonObject, ...more: ManifestObject[]): ManifestObject[] => [
  deployment('shop', 'web', { container: { name: 'nginx', securityContext } }),
  service('shop', 'web', 'LoadBalancer'),
  ...more,
];
const SYS_ADMIN = { capabilities: { add: ['SYS_ADMIN'] } };

function factsOf(objects: ManifestObject[], ...profiles: LearnedProfile[]): EstateFacts {
  const facts = estate(objects, { web: { flaws: [log4shell], evidence: { [log4shell.component]: loaded } } });
  return { ...facts, uses: usesOf(profiles, facts.workloads) };
}
const proposalsOf = (facts: EstateFacts, id: string): Proposal[] =>
  proposeChanges(facts, buildAttackGraph(facts).graph).filter(({ change }) => change.id.startsWith(id));
const contextAfter = (facts: EstateFacts, proposals: Proposal[]): unknown => {
  const object = applyProposals(facts, proposals).objects.find(({ kind }) => kind === 'Deployment');
  const [container] = listOf(fieldAt(object?.object, 'spec', 'template', 'spec', 'containers'));
  return fieldOf(objectOf(container), 'securityContext');
};

describe('what a container was never seen to use', () => {
  it('is taken from it, with the hours and replicas that say so, and is one of the fixes', () => {
    const facts = factsOf(given(SYS_ADMIN), learned());
    const found = proposalsOf(facts, 'only-what-it-uses:');
    expect(contextAfter(facts, found)).toEqual({
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
    });
    const { ranking } = rank(facts, { time: '2026-11-22T12:00:00Z', worlds: 2048 });
    const fix = ranking.fixes.find(({ title }) => title === 'Leave shop/web only what it uses');
    expect(fix?.detail).toMatch(/Seen in 100 hours of 3 replicas until 2026-11-20 .*That is settled\.$/);
  });

  it('lowers the loss by what was promised once it is taken', () => {
    const facts = factsOf(given(SYS_ADMIN), learned());
    const options = { time: '2026-11-22T12:00:00Z', worlds: 4096 };
    const before = rank(facts, options);
    const fix = before.ranking.fixes.find(({ id }) => id.startsWith('only-what-it-uses:'))!;
    const after = rank(applyProposals(facts, proposalsOf(facts, fix.id)), options);
    expect(before.ranking.loss - after.ranking.loss).toBeCloseTo(fix.lossRemoved, 8);
    expect(fix.lossRemoved).toBeGreaterThan(0);
  });

  it('stays where a use was seen, also one that is held, and whatever else was seen', () => {
    const use = by('capability', 'CAP_SYS_ADMIN');
    const noise = fc.constantFrom(
      by('capability', 'CAP_CHOWN'),
      by('open', '/x', { access: 'write' }),
      by('exec', '/y'),
    );
    fc.assert(
      fc.property(fc.array(noise), fc.boolean(), (others, isHeld) => {
        const seen = isHeld ? [...QUIET, ...others] : [...QUIET, ...others, use];
        const facts = factsOf(given(SYS_ADMIN), learned(seen, isHeld ? { pending: [pendingOf(use, 'incident')] } : {}));
        const context = contextAfter(facts, proposalsOf(facts, 'only-what-it-uses:')) as typeof SYS_ADMIN;
        expect(context.capabilities.add).toContain('SYS_ADMIN');
        expect(proposalsOf(facts, 'fewer-capabilities:')).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('is no claim where nothing was watched, nobody tells of it, or not all was kept', () => {
    const unseen = learnedWeb({
      behaviours: [],
      dimensions: learnedWeb().dimensions.map((one) => ({ ...one, isSeen: false })),
    });
    for (const profile of [unseen, learned(QUIET, { dropped: 3 })])
      expect(proposalsOf(factsOf(given(SYS_ADMIN), profile), 'only-what')).toEqual([]);
  });

  it('that is not settled comes behind all other fixes, with what is missing', () => {
    const facts = factsOf(given({ privileged: true }), unsettled(learned(), 'capability', 'open', 'privilege'));
    const { fixes } = rank(facts, { time: '2026-11-22T12:00:00Z', worlds: 2048 }).ranking;
    const at = fixes.findIndex(({ id }) => id.startsWith('perhaps-only-what-it-uses:'));
    expect(at).toBeGreaterThan(0);
    expect(fixes[at]?.detail).toContain('Check it: not settled: settles after 31 more hours.');
  });

  it('says never of nothing while events were lost', () => {
    const lossy = learned();
    const dimensions = lossy.dimensions.map((state) => ({ ...state, partialMinutes: 7, isSettled: false }));
    for (const { change } of proposalsOf(factsOf(given(SYS_ADMIN), { ...lossy, dimensions }), 'perhaps-'))
      expect(change.detail).not.toMatch(/never/);
  });

  it('takes privileged away where nothing that needs it was seen, and keeps it where a call was', () => {
    const quiet = factsOf(given({ privileged: true }), learned());
    expect(contextAfter(quiet, proposalsOf(quiet, 'only-what-it-uses:'))).not.toHaveProperty('privileged');
    const mounts = factsOf(given({ privileged: true }), learned([...QUIET, by('privilege', 'mount proc /mnt/*')]));
    expect(contextAfter(mounts, proposalsOf(mounts, 'only-what-it-uses:'))).toHaveProperty('privileged', true);
    const [plain] = proposalsOf(mounts, 'unprivileged:');
    expect(plain?.change.detail).toContain(
      'Seen in 100 hours of 3 replicas until 2026-11-20 00:00 UTC: mount proc /mnt/*.',
    );
  });
});

describe('where a workload was never seen to connect', () => {
  const database = [deployment('shop', 'database'), service('shop', 'database')];

  it('is closed by a policy of its own, beside its manifest', () => {
    const facts = factsOf(given({}, ...database), learned([...QUIET, by('connect', 'internet:443/TCP')]));
    const [found] = proposalsOf(facts, 'only-where-it-calls:');
    expect(found?.change.detail).toContain('it connected only to internet:443/TCP. That is settled.');
    expect(found?.change.edits).toMatchObject([
      { fileName: 'web-egress.yaml', object: { metadata: { name: 'web-egress' }, spec: { policyTypes: ['Egress'] } } },
    ]);
    const { edges } = buildAttackGraph(facts).graph;
    const leaving = (list: typeof edges) =>
      list.filter(({ from, to }) => from.endsWith('/web') && to.endsWith('/database')).length;
    expect(leaving(buildAttackGraph(applyProposals(facts, [found!])).graph.edges)).toBeLessThanOrEqual(leaving(edges));
  });

  it('is left alone where a policy limits it already, or a container of it was not watched', () => {
    const policy = manifest('NetworkPolicy', 'shop', 'own', {
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [] },
    });
    expect(proposalsOf(factsOf(given({}, policy), learned()), 'only-where')).toEqual([]);
    const two = deployment('shop', 'web', {
      pod: {
        containers: [
          { name: 'nginx', image: 'a' },
          { name: 'sidecar', image: 'b' },
        ],
      },
    });
    expect(proposalsOf(factsOf([two], learned()), 'only-where')).toEqual([]);
  });
});
