import { attackEdges } from './attack-edges.ts';
import { type Estate, permissionSetOf } from './read-estate.ts';
import { isCritical } from './vertices.ts';

/** Attacks with the classes that they lead from and to. `PERMISSION_DISCOVER` comes last: it ends a way. */
const classes: readonly [attack: string, from: string, to: string][] = [
  ['ENDPOINT_EXPLOIT', 'Endpoint', 'Container'],
  ['CE_MODULE_LOAD', 'Container', 'Node'],
  ['CE_NSENTER', 'Container', 'Node'],
  ['CE_PRIV_MOUNT', 'Container', 'Node'],
  ['CE_SYS_PTRACE', 'Container', 'Node'],
  ['CE_UMH_CORE_PATTERN', 'Container', 'Node'],
  ['CE_VAR_LOG_SYMLINK', 'Container', 'Node'],
  ['SHARE_PS_NAMESPACE', 'Container', 'Container'],
  ['VOLUME_DISCOVER', 'Container', 'Volume'],
  ['EXPLOIT_HOST_READ', 'Volume', 'Node'],
  ['EXPLOIT_HOST_WRITE', 'Volume', 'Node'],
  ['TOKEN_STEAL', 'Volume', 'Identity'],
  ['VOLUME_ACCESS', 'Node', 'Volume'],
  ['POD_ATTACH', 'Node', 'Pod'],
  ['CONTAINER_ATTACH', 'Pod', 'Container'],
  ['POD_CREATE', 'PermissionSet', 'Node'],
  ['POD_EXEC', 'PermissionSet', 'Pod'],
  ['POD_PATCH', 'PermissionSet', 'Pod'],
  ['ROLE_BIND', 'PermissionSet', 'PermissionSet'],
  ['TOKEN_BRUTEFORCE', 'PermissionSet', 'Identity'],
  ['TOKEN_LIST', 'PermissionSet', 'Identity'],
  ['IDENTITY_IMPERSONATE', 'PermissionSet', 'Identity'],
  ['IDENTITY_ASSUME', 'Container', 'Identity'],
  ['IDENTITY_ASSUME', 'Node', 'Identity'],
  ['PERMISSION_DISCOVER', 'Identity', 'PermissionSet'],
];

/** Steps that are followed; paths that are told, the shortest first. */
const MOST_STEPS = 8;
const MOST_PATHS = 40;

interface Step {
  attack: string;
  to: string;
}

/** Every attack of an estate from vertex to vertex, by class and name, and the ways to what is the whole cluster. */
export class AttackPaths {
  readonly #next = new Map<string, Step[]>();
  readonly #critical: ReadonlySet<string>;

  constructor(estate: Estate) {
    const nodes = new Set(estate.nodes.map(({ name }) => name));
    for (const [attack, fromClass, toClass] of classes)
      for (const [from, to] of attackEdges(estate, attack) ?? []) {
        if (fromClass !== 'Endpoint' && nodes.has(from.name) !== (fromClass === 'Node')) continue;
        this.#add(`${fromClass} ${from.name}`, { attack, to: `${toClass} ${to.name}` });
      }
    /* The keys of administrators lie on the disk of a control-plane node, and Kubernetes binds them to everything. */
    const admin = 'PermissionSet cluster-admin::cluster-admin';
    for (const name of nodes)
      if (/control-plane|master/.test(name))
        this.#add(`Node ${name}`, { attack: 'IDENTITY_ASSUME', to: 'Identity system:masters' });
    this.#add('Identity system:masters', { attack: 'PERMISSION_DISCOVER', to: admin });
    const own = estate.identity.grants
      .filter(isCritical)
      .map((grant) => `PermissionSet ${permissionSetOf(grant).name}`);
    this.#critical = new Set([admin, ...own]);
  }

  #add(from: string, step: Step): void {
    this.#next.set(from, [...(this.#next.get(from) ?? []), step]);
  }

  /** Names of a class from which anything leads on, or which anything leads to. */
  named(vertex: string): string[] {
    const all = new Set([...this.#next.keys(), ...[...this.#next.values()].flat().map(({ to }) => to)]);
    return [...all].filter((each) => each.startsWith(`${vertex} `)).map((each) => each.slice(vertex.length + 1));
  }

  isCritical(name: string): boolean {
    return [...this.#critical].some(
      (set) => set === `PermissionSet ${name}` || set.startsWith(`PermissionSet ${name}::`),
    );
  }

  /** Fewest steps from some vertices to one that is critical, without some attacks; undefined where none leads there. */
  hops(starts: readonly string[], without: ReadonlySet<string> = new Set()): number | undefined {
    let front = new Set(starts);
    const seen = new Set(front);
    for (let steps = 0; front.size > 0; steps++) {
      if ([...front].some((each) => this.#critical.has(each))) return steps;
      const next = [...front]
        .flatMap((each) => this.#next.get(each) ?? [])
        .filter(({ attack }) => !without.has(attack));
      front = new Set(next.map(({ to }) => to)).difference(seen);
      for (const each of front) seen.add(each);
    }
    return undefined;
  }

  /** Ways to what is critical by the classes and attacks that they go over: `Container, CE_NSENTER, Node, ...`. */
  shapes(starts: readonly string[]): string[][] {
    const found: string[][] = [];
    let front = [{ shape: [starts[0]?.split(' ')[0] ?? ''], at: new Set(starts) }];
    for (let steps = 0; steps < MOST_STEPS && found.length < MOST_PATHS; steps++) {
      const longer = front.flatMap(({ shape, at }) =>
        [
          ...Map.groupBy(
            [...at].flatMap((each) => this.#next.get(each) ?? []),
            ({ attack, to }) => `${attack}, ${to.split(' ')[0]}`,
          ),
        ]
          .filter(([step]) => !shape.join(', ').includes(step))
          .map(([step, ends]) => ({ shape: [...shape, ...step.split(', ')], at: new Set(ends.map(({ to }) => to)) })),
      );
      found.push(
        ...longer.filter(({ at }) => [...at].some((each) => this.#critical.has(each))).map(({ shape }) => shape),
      );
      front = longer
        .map(({ shape, at }) => ({ shape, at: at.difference(this.#critical) }))
        .filter(({ at }) => at.size > 0);
    }
    return found.slice(0, MOST_PATHS);
  }
}
