import { type Selector, selects } from '../network/index.ts';
import type { Definition } from './role-definitions.ts';
import type { PermissionRule } from './types.ts';

/** All that is in a role by aggregation, itself included. */
export interface Aggregated {
  parts: readonly Definition[];
  rules: PermissionRule[];
}

/** A role, or what a selector means: many roles select alike, and each meaning is looked up once. */
interface Vertex {
  role: Definition | undefined;
  selector: Selector | undefined;
  /** Place in the order in which vertices were found; undefined for one that was not yet. */
  order: number | undefined;
  circle: Circle | undefined;
}

/** Roles that aggregate each other, through others too: all of them hold the same. */
interface Circle {
  roles: Definition[];
  next: Set<Circle>;
  aggregated?: Aggregated;
}

/**
 * What the labels of cluster roles put into which. Roles in a circle share one list, so that neither time nor memory
 * grows with the square of a circle.
 */
export class Aggregation {
  readonly #roles = new Map<Definition, Vertex>();
  readonly #selectors = new Map<string, Vertex>();
  readonly #labelled = new Map<string, Vertex[]>();
  #found = 0;

  constructor(definitions: readonly Definition[]) {
    for (const role of definitions) if (role.name.startsWith('ClusterRole ')) this.#add(role);
    for (const vertex of this.#roles.values()) if (vertex.circle === undefined) this.#follow(vertex);
    for (const vertices of [this.#roles, this.#selectors])
      for (const vertex of vertices.values())
        for (const { circle } of this.#next(vertex)) if (circle !== vertex.circle) vertex.circle!.next.add(circle!);
  }

  /** What a cluster role holds. */
  of(role: Definition): Aggregated {
    const circle = this.#roles.get(role)!.circle!;
    circle.aggregated ??= aggregatedFrom(circle);
    return circle.aggregated;
  }

  #add(role: Definition): void {
    const vertex = vertexOf({ role });
    this.#roles.set(role, vertex);
    for (const key of role.labels.keys()) {
      const known = this.#labelled.get(key);
      if (known === undefined) this.#labelled.set(key, [vertex]);
      else known.push(vertex);
    }
  }

  /** The selectors of a role, or the roles that a selector selects. */
  #next({ role, selector }: Vertex): Vertex[] {
    if (selector !== undefined)
      return this.#candidates(selector).filter((vertex) => selects(selector, vertex.role!.labels));
    return (role?.aggregates ?? []).map((each) => {
      const vertex = this.#selectors.get(each.key) ?? vertexOf({ selector: each });
      this.#selectors.set(each.key, vertex);
      return vertex;
    });
  }

  /** Roles with a label that a selector asks for, where it asks for any: most name one. */
  #candidates({ requirements }: Selector): Vertex[] {
    const asked = requirements.find(({ operator }) => operator === 'In' || operator === 'Exists');
    return asked === undefined ? [...this.#roles.values()] : (this.#labelled.get(asked.key) ?? []);
  }

  /** Tarjan's strongly connected components from one vertex on, without recursion: chains are as long as people like. */
  #follow(root: Vertex): void {
    const open: Vertex[] = [];
    const path: { vertex: Vertex; rest: Vertex[]; low: number }[] = [];
    const enter = (vertex: Vertex): void => {
      vertex.order = this.#found++;
      open.push(vertex);
      path.push({ vertex, rest: this.#next(vertex), low: vertex.order });
    };
    enter(root);
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const next = here.rest.pop();
      if (next !== undefined) {
        if (next.order === undefined) enter(next);
        else if (next.circle === undefined) here.low = Math.min(here.low, next.order);
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before !== undefined) before.low = Math.min(before.low, here.low);
      if (here.low === here.vertex.order) close(open.splice(open.lastIndexOf(here.vertex)));
    }
  }
}

const vertexOf = (part: Partial<Vertex>): Vertex => ({
  role: undefined,
  selector: undefined,
  order: undefined,
  circle: undefined,
  ...part,
});

function close(members: Vertex[]): void {
  const circle: Circle = { roles: members.flatMap(({ role }) => role ?? []), next: new Set() };
  for (const member of members) member.circle = circle;
}

function aggregatedFrom(start: Circle): Aggregated {
  const found = new Set([start]);
  for (const circle of found) for (const next of circle.next) found.add(next);
  const circles = [...found];
  return {
    parts: circles.flatMap(({ roles }) => roles),
    rules: [...new Set(circles.flatMap(rulesHeld))],
  };
}

/** Rules that are overwritten come back where a role selects itself through others: which of both is first is chance. */
function rulesHeld({ roles }: Circle): PermissionRule[] {
  return roles.flatMap(({ overwritten, rules }) => (overwritten && roles.length === 1 ? [] : rules));
}
