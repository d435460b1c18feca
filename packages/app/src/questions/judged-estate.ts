import { buildAttackGraph } from '@breakwater/engine/risk';
import type { AttackGraph } from '@breakwater/model';
import type { Assessment } from '../assessment/assessment.ts';
import type { AssessPathsOptions } from '../estate/assess-paths.ts';
import type { GatheredFacts } from '../estate/gather-facts.ts';
import type { PolicySet } from '../estate/policy-set.ts';
import type { EstateReading } from '../estate/read-estate.ts';

/** An assessment with everything that it was made from: for what is asked beyond the ranking. */
export interface JudgedEstate {
  reading: EstateReading;
  gathered: GatheredFacts;
  set: PolicySet;
  assessment: Assessment;
  /** The attack graph that was ranked by. */
  graph(): AttackGraph;
}

/** Keeps what an assessment is made from while it is made, and joins it with the assessment after. */
export function keepJudged(): {
  onGathered: NonNullable<AssessPathsOptions['onGathered']>;
  judged(assessment: Assessment): JudgedEstate;
} {
  let kept: Omit<JudgedEstate, 'assessment' | 'graph'> | undefined;
  return {
    onGathered(gathered, reading, set) {
      kept = { gathered, reading, set };
    },
    judged(assessment) {
      if (kept === undefined) throw new Error('an assessment gathers facts');
      const { facts } = kept.gathered;
      let graph: AttackGraph | undefined;
      return {
        ...kept,
        assessment,
        graph() {
          graph ??= buildAttackGraph(facts).graph;
          return graph;
        },
      };
    },
  };
}
