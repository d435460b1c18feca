import type { AttackCause, AttackEdge } from '@breakwater/model';

/** Probability that one cause holds. */
function causeOdds(cause: AttackCause): number {
  return cause.shared * cause.local;
}

/** Probability that an edge is open, its causes included, 0 to 1. */
export function edgeOdds(edge: AttackEdge): number {
  if (edge.causes.length === 0) return edge.probability;
  return edge.probability * (1 - edge.causes.reduce((none, cause) => none * (1 - causeOdds(cause)), 1));
}

/** The cause that is likeliest to open an edge. */
export function likeliestCause(edge: AttackEdge): AttackCause | undefined {
  return edge.causes.reduce<AttackCause | undefined>(
    (best, cause) => (best === undefined || causeOdds(cause) > causeOdds(best) ? cause : best),
    undefined,
  );
}
