import type { AttackEdge, AttackNode, AttackView, PathStep } from '@breakwater/model';
import { edgeProbability } from './edge-probability.ts';

/** An edge as it is drawn. */
export interface DrawnStep extends AttackEdge {
  /** Probability that the step can be taken, 0 to 1. */
  chance: number;
}

/** What is drawn of a view. */
export interface AttackPicture {
  nodes: AttackNode[];
  steps: DrawnStep[];
  /** `AttackEdge.id`s of the main way, in order: in to the focus, and on from it. */
  path: string[];
  onward: string[];
}

/**
 * Chooses what is drawn. The graph keeps hubs (a door, a network, a group) so that it stays small; a step of the main way
 * already tells what it crosses, so it is drawn from end to end, and hubs that then lead nowhere or come from nowhere are
 * left to the table.
 */
export function drawSteps(
  view: AttackView,
  focus: string,
  path: readonly PathStep[],
  onward: readonly PathStep[],
): AttackPicture {
  const byId = new Map(view.edges.map((edge) => [edge.id, edge]));
  const origin = view.nodes.find(({ label }) => label === path[0]?.from)?.id;
  const main = [...joinSteps(path, byId, origin), ...joinSteps(onward, byId, focus)];
  const taken = new Set(main.map(({ id }) => id));
  const others = view.edges
    .filter(({ id }) => !taken.has(id))
    .map((edge) => ({ ...edge, chance: edgeProbability(edge) }));
  const kept = (steps: readonly PathStep[]) => steps.map(({ edge }) => edge).filter((id) => taken.has(id));
  return { ...withoutLooseHubs(view.nodes, [...main, ...others]), path: kept(path), onward: kept(onward) };
}

/** Each step from where the one before ended; `start` is where the first begins, its own edge's start if not known. */
function joinSteps(
  steps: readonly PathStep[],
  byId: ReadonlyMap<string, AttackEdge>,
  start: string | undefined,
): DrawnStep[] {
  let from = start;
  return steps.flatMap((step) => {
    const edge = byId.get(step.edge);
    if (edge === undefined) return [];
    const drawn = {
      ...edge,
      from: from ?? edge.from,
      phrase: step.phrase,
      reason: step.reason,
      chance: step.probability,
    };
    from = edge.to;
    return [drawn];
  });
}

function withoutLooseHubs(nodes: AttackNode[], steps: DrawnStep[]): Pick<AttackPicture, 'nodes' | 'steps'> {
  const isLoose = ({ id, kind }: AttackNode) =>
    kind === 'hub' && !(steps.some(({ from }) => from === id) && steps.some(({ to }) => to === id));
  const loose = new Set(nodes.filter(isLoose).map(({ id }) => id));
  if (loose.size === 0) return { nodes, steps };
  return withoutLooseHubs(
    nodes.filter(({ id }) => !loose.has(id)),
    steps.filter(({ from, to }) => !loose.has(from) && !loose.has(to)),
  );
}
