import type { AttackEdge } from '@breakwater/model';

/** Probability that a step can be taken: it is open, and of its causes, where it has any, at least one holds. */
export function edgeProbability({ probability, causes }: Pick<AttackEdge, 'probability' | 'causes'>): number {
  if (causes.length === 0) return probability;
  const none = causes.reduce((rest, { shared, local }) => rest * (1 - shared * local), 1);
  return probability * (1 - none);
}
