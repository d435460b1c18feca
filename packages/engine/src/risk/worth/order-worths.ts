import { apply, type Scales, type Worth } from './worth.ts';

/** A change that adds less than this share of its own worth to those before it is an alternative to one of them. */
const ADDS = 0.25;

/** Fixes that are tried together, one after the other. */
const TOGETHER = 20;

/** Digits to which two worths are compared: what is equal to these is as good. */
const DIGITS = 6;

/** Points of value that two changes both save, over the nodes that fall. */
function overlap({ simulation }: Scales, left: Worth, right: Worth): number {
  let shared = 0;
  for (const { id, value } of simulation.graph.nodes) {
    if (value === 0) continue;
    const before = simulation.probabilityOf(id);
    const kept = Math.min(before - left.outcome.probabilityOf(id), before - right.outcome.probabilityOf(id));
    shared += Math.max(0, kept) * value;
  }
  return shared;
}

/** The other that saves most of the same; one of the same workload where there is any. */
function nearest(scales: Scales, worth: Worth, others: readonly Worth[]): Worth {
  const own = new Set(worth.proposal.change.workloads);
  const related = others.filter(({ proposal }) => proposal.change.workloads.some((workload) => own.has(workload)));
  const overlaps = (related.length > 0 ? related : others).map((other) => ({
    other,
    shared: overlap(scales, worth, other),
  }));
  return overlaps.reduce((best, each) => (each.shared > best.shared ? each : best)).other;
}

/**
 * Worths with those first that each add to the ones before, by what they remove alone; then alternatives to these, in
 * the same order. Of equals the one stands first that is first in `worths`. Fills in what they remove together, which
 * never falls from one to the next: beyond the first twenty, and for alternatives, it is a lower bound.
 */
export function orderWorths(scales: Scales, worths: readonly Worth[]): Worth[] {
  const round = ({ lossRemoved }: Worth) => Number(lossRemoved.toPrecision(DIGITS));
  const late = ({ proposal }: Worth) => Number(proposal.isTentative === true);
  const sorted = worths.toSorted((left, right) => late(left) - late(right) || round(right) - round(left));
  const adding: Worth[] = [];
  const alternatives: Worth[] = [];
  let together = 0;
  for (const worth of sorted) {
    const first = adding.length === 0;
    const tried = first ? worth.lossRemoved : removedTogether(scales, [...adding, worth], together);
    if (!first && adding.length < TOGETHER && tried - together < ADDS * worth.lossRemoved) {
      alternatives.push({ ...worth, alternativeTo: nearest(scales, worth, adding) });
      continue;
    }
    together = Math.max(together, tried);
    adding.push({ ...worth, lossRemovedTogether: together });
  }
  return [...adding, ...alternatives.map((worth) => ({ ...worth, lossRemovedTogether: together }))];
}

function removedTogether(scales: Scales, worths: readonly Worth[], before: number): number {
  if (worths.length > TOGETHER) return before;
  const { outcome } = apply(
    scales,
    worths.map(({ proposal }) => proposal),
  );
  return scales.simulation.loss - outcome.loss;
}
