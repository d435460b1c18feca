import type { Behaviour, JsonObject, LearnedProfile, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { knownOf, learnedWeb, unsettled } from '../../../compile/issue/learned.fixture.ts';
import { usesOf } from '../../../evidence/index.ts';
import { fieldAt } from '../../../json/index.ts';
import { deployment, estate, flaw, loaded, manifest } from '../../estate.fixture.ts';
import { buildAttackGraph, type EstateFacts } from '../../graph/index.ts';
import { rank } from '../../rank.ts';
import { applyProposals } from '../apply-change.ts';
import { type Proposal, proposeChanges } from '../index.ts';

const log4shell = flaw('CVE-2021-44228', 'log4j-core', {
  exploitation: { ransomware: false, epss: 0.97, knownExploitedSince: '2021-12-10' },
});
const by = (dimension: Behaviour['dimension'], object: string, actor = '/usr/sbin/nginx'): Behaviour => ({
  ...{ dimension, actor, parent: '', object },
});
const START = knownOf(by('exec', '/usr/sbin/nginx', ''));
const listens = (...ports: string[]) => ports.map((port) => knownOf(by('listen', port)));
const learned = (behaviours = [START, ...listens('8080/TCP')], changes: Partial<LearnedProfile> = {}): LearnedProfile =>
  learnedWeb({ behaviours, ...changes });

const web = (container: JsonObject = {}, pod: JsonObject = {}): ManifestObject =>
  deployment('shop', 'web', {
    container: {
      name: 'nginx',
      ports: [{ containerPort: 8080 }, { name: 'admin', containerPort: 9090 }],
      ...container,
    },
    pod,
  });
const lb = (ports: JsonObject[], name = 'web'): ManifestObject =>
  manifest('Service', 'shop', name, { spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports } });
const PORTS = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'admin', port: 9090, targetPort: 'admin' },
];

function factsOf(objects: ManifestObject[], ...profiles: LearnedProfile[]): EstateFacts {
  const facts = estate(objects, { web: { flaws: [log4shell], evidence: { [log4shell.component]: loaded } } });
  return { ...facts, uses: usesOf(profiles, facts.workloads) };
}
const proposalsOf = (facts: EstateFacts): Proposal[] =>
  proposeChanges(facts, buildAttackGraph(facts).graph).filter(({ change }) =>
    change.id.startsWith('only-where-it-listens:'),
  );
const portsAfter = (facts: EstateFacts, kind: string, ...path: string[]): unknown =>
  fieldAt(applyProposals(facts, proposalsOf(facts)).objects.find((one) => one.kind === kind)?.object, ...path);

describe('a port at which nobody listens', () => {
  it('is taken from the container and from the Service before it, with what was seen', () => {
    const facts = factsOf([web(), lb(PORTS)], learned());
    expect(portsAfter(facts, 'Service', 'spec', 'ports')).toEqual([PORTS[0]]);
    const [container] = portsAfter(facts, 'Deployment', 'spec', 'template', 'spec', 'containers') as JsonObject[];
    expect(container?.['ports']).toEqual([{ containerPort: 8080 }]);
    expect(proposalsOf(facts)[0]?.change.detail).toMatch(
      /^Seen in 100 hours of 3 replicas until .*: it listened only at 8080; nobody listened at the declared port 9090; port 9090 of Service shop\/web leads to nobody\. That is settled\./,
    );
  });

  it('lowers the loss by what was promised, where all of a Service leads to nobody', () => {
    const facts = factsOf([web(), lb([PORTS[1]!])], learned());
    const options = { time: '2026-11-22T12:00:00Z', worlds: 4096 };
    const before = rank(facts, options);
    const fix = before.ranking.fixes.find(({ id }) => id.startsWith('only-where-it-listens:'))!;
    const after = applyProposals(facts, proposalsOf(facts));
    expect(before.ranking.loss - rank(after, options).ranking.loss).toBeCloseTo(fix.lossRemoved, 8);
    expect(fix.lossRemoved).toBeGreaterThan(0);
    expect(portsAfter(facts, 'Service', 'spec', 'type')).toBe('ClusterIP');
  });

  it('is one of the fixes, behind those that remove what is known, where as much stays open', () => {
    const facts = factsOf([web(), lb(PORTS)], learned());
    const { fixes } = rank(facts, { time: '2026-11-22T12:00:00Z', worlds: 2048 }).ranking;
    const at = fixes.findIndex(({ id }) => id.startsWith('only-where-it-listens:'));
    expect(fixes.slice(0, at).some(({ lossRemoved }) => lossRemoved > 0)).toBe(true);
    expect(fixes[at]).toMatchObject({ lossRemoved: 0, detail: expect.stringMatching(/^It removes next to no loss/) });
  });

  it.each<[string, ManifestObject[], LearnedProfile[]]>([
    ['somebody listens', [web(), lb(PORTS)], [learned([START, ...listens('8080/TCP', '9090/TCP')])]],
    ['its start was not seen', [web(), lb(PORTS)], [learned(listens('8080/TCP'))]],
    ['its start is only declared', [web()], [learned([{ ...START, origin: 'declared', incidences: 0 }])]],
    ['not all that was seen was kept', [web()], [learned(undefined, { dropped: 1 })]],
    ['nobody tells of it', [web()], [learnedWeb({ dimensions: [] })]],
    ['somebody listens at what cannot be told', [web()], [learned([START, ...listens('*/TCP')])]],
    ['it is on the network of its node', [web({}, { hostNetwork: true })], [learned()]],
    ['another container was not watched', [web({}, { initContainers: [{ name: 'setup', image: 'a' }] })], [learned()]],
    ['it is of datagrams', [web({ ports: [{ containerPort: 53, protocol: 'UDP' }] })], [learned()]],
  ])('stays where %s', (_, objects, profiles) => {
    expect(proposalsOf(factsOf(objects, ...profiles))).toEqual([]);
  });

  it('counts where it is only declared that somebody listens', () => {
    const declared = { ...knownOf(by('listen', '9090/TCP'), { incidences: 0 }), origin: 'declared' as const };
    expect(proposalsOf(factsOf([web()], learned([START, ...listens('8080/TCP'), declared])))).toHaveLength(1);
  });

  it('stays in a Service that leads to a workload which was not watched', () => {
    const other = deployment('shop', 'canary', { container: { name: 'nginx' }, pod: {} });
    const template = fieldAt(other.object, 'spec', 'template', 'metadata') as { labels: JsonObject };
    template.labels = { app: 'web' };
    const facts = factsOf([web({ ports: [] }), other, lb(PORTS)], learned());
    expect(proposalsOf(facts)).toEqual([]);
  });

  it('is offered behind all others while it is not settled, and is not said to be never listened at', () => {
    const [found] = proposalsOf(factsOf([web(), lb(PORTS)], unsettled(learned(), 'listen')));
    expect(found?.isTentative).toBe(true);
    expect(found?.change.title).toContain('so far');
    expect(found?.change.detail).toContain('Check it: not settled');
  });
});

describe("the runtime's default seccomp profile", () => {
  const seccomp = (facts: EstateFacts) =>
    proposeChanges(facts, buildAttackGraph(facts).graph).find(({ change }) => change.id.startsWith('seccomp:'));

  it('rests on calls that were not seen, and says which were', () => {
    const quiet = seccomp(factsOf([web()], learned([START, knownOf(by('privilege', 'uid 101'))])));
    expect(quiet?.change.detail).toMatch(
      /Seen in 100 hours of 3 replicas .*: it made none that give power\. That is settled\.$/,
    );
    expect(quiet?.restsOnUse).toBe(true);
    const mounts = seccomp(factsOf([web()], learned([START, knownOf(by('privilege', 'mount proc /mnt/*'))])));
    expect(mounts?.change.detail).toContain('(mount proc /mnt/*)');
    expect(mounts?.restsOnUse).toBeUndefined();
  });

  it('claims nothing where nobody looked, or not for long enough', () => {
    expect(seccomp(factsOf([web()]))?.change.detail).toMatch(/hardly any application makes\. Check tools/);
    const [unsure] = [seccomp(factsOf([web()], unsettled(learned(), 'privilege')))];
    expect(unsure?.change.detail).toContain('Check it: not settled');
    expect(unsure?.restsOnUse).toBeUndefined();
  });
});
