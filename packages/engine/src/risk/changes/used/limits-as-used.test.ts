import type { JsonObject, LearnedProfile, ManifestObject, ResourceUse } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { learnedWeb } from '../../../compile/issue/learned.fixture.ts';
import { usesOf } from '../../../evidence/index.ts';
import { fieldAt, fieldOf, listOf, objectOf } from '../../../json/index.ts';
import { deployment, estate } from '../../estate.fixture.ts';
import { buildAttackGraph, type EstateFacts } from '../../graph/index.ts';
import { applyProposals } from '../apply-change.ts';
import { type Proposal, proposeChanges } from '../index.ts';

const MIB = 2 ** 20;
const use = (resource: string, [median, p95, p99, highest]: number[], samples = 6_000): ResourceUse => ({
  ...{ resource, samples, median: median!, p95: p95!, p99: p99!, highest: highest! },
});
const MEMORY = use('memory', [60 * MIB, 80 * MIB, 90 * MIB, 100 * MIB]);
const CPU = use('cpu', [0.01, 0.042, 0.3, 1.2]);
const learned = (...resources: ResourceUse[]): LearnedProfile => learnedWeb({ resources });

function factsOf(resources: JsonObject, ...profiles: LearnedProfile[]): EstateFacts {
  const objects: ManifestObject[] = [deployment('shop', 'web', { container: { name: 'nginx', resources } })];
  const facts = estate(objects);
  return { ...facts, uses: usesOf(profiles, facts.workloads) };
}
const proposalsOf = (facts: EstateFacts): Proposal[] =>
  proposeChanges(facts, buildAttackGraph(facts).graph).filter(({ change }) => change.id.startsWith('limits-as-used:'));
function resourcesAfter(facts: EstateFacts): unknown {
  const [object] = applyProposals(facts, proposalsOf(facts)).objects;
  const [container] = listOf(fieldAt(object?.object, 'spec', 'template', 'spec', 'containers'));
  return fieldOf(objectOf(container), 'resources');
}

describe('what a container uses of the machine', () => {
  it('becomes requests and a limit of memory with room above the highest, and no limit of processors', () => {
    const facts = factsOf({}, learned(MEMORY, CPU));
    expect(resourcesAfter(facts)).toEqual({
      limits: { memory: '192Mi' },
      requests: { memory: '80Mi', cpu: '50m' },
    });
    const [found] = proposalsOf(facts);
    expect(found?.change.detail).toMatch(
      /^Seen in 100 hours of its replicas until .*: container nginx took 60 MiB of memory as a rule, 90 at most in 99 of 100 minutes, and never more than 100; 0\.042 processors/,
    );
    expect(found?.isTentative).toBeUndefined();
  });

  it('leaves what is given already', () => {
    expect(resourcesAfter(factsOf({ requests: { memory: '1Gi' } }, learned(MEMORY, CPU)))).toEqual({
      limits: { memory: '192Mi' },
      requests: { memory: '1Gi', cpu: '50m' },
    });
    const full = { limits: { memory: '1Gi', cpu: '1' } };
    expect(proposalsOf(factsOf(full, learned(MEMORY, CPU)))).toEqual([]);
  });

  it('of less than a day comes behind all others, and of less than an hour is none', () => {
    const [short] = proposalsOf(factsOf({}, learned({ ...MEMORY, samples: 120 })));
    expect([short?.isTentative, short?.change.detail]).toEqual([true, expect.stringContaining('less than a day')]);
    expect(proposalsOf(factsOf({}, learned({ ...MEMORY, samples: 59 })))).toEqual([]);
    expect(proposalsOf(factsOf({}, learned(CPU)))).toEqual([]);
  });
});
