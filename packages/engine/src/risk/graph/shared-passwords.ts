import type { Container, Workload } from '@breakwater/model';
import type { EstateFacts } from './facts.ts';
import type { EdgeDraft, GraphBuilder } from './graph-builder.ts';
import { type Held, heldPasswords } from './held-passwords.ts';
import { nodeId, workloadLabel } from './names.ts';
import { mayOpen, passwordServer, workloadsByHost } from './password-servers.ts';
import { type SettingName, settingReason } from './settings.ts';

const mitigation = 'a password of its own for each that signs in, with no more rights than it needs';

/** Holders times servers of one password that are joined pair by pair; more meet in a hub. */
const MOST_PAIRS = 4_096;

type Servers = ReadonlyMap<Workload, Container>;

/**
 * From whoever has the password of a server into that server: workloads that have the very one which the server is set up
 * with, or that name it as a host and have a password, as far as the network lets them come; and whoever has it in his
 * hands, where the Internet reaches the server. Edges grow with the holders of the passwords of servers.
 */
export function addSharedPasswords(builder: GraphBuilder, facts: EstateFacts): void {
  const servers: Servers = new Map(
    facts.workloads.flatMap((workload) => {
      const container = passwordServer(workload);
      return container === undefined ? [] : [[workload, container] as const];
    }),
  );
  if (servers.size === 0) return;
  const held = heldPasswords(facts.objects, facts.workloads);
  const callers = new Callers(facts, servers);
  const holders = new Map<string, Held[]>();
  for (const own of held.values()) for (const each of own) for (const mark of each.marks) push(holders, mark, each);
  const asked = new Map<string, Workload[]>();
  for (const [server, container] of servers)
    for (const password of held.get(server) ?? []) {
      if (password.container !== container.name) continue;
      for (const mark of password.same) push(asked, mark, server);
      addReaders(builder, password, server, container, callers);
    }
  for (const [mark, own] of asked) addSame(builder, mark, holders.get(mark) ?? [], own, servers, callers);
  addNamed(builder, facts, servers, held, callers);
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

/** From all holders of one password into all servers that are set up with it. */
function addSame(
  builder: GraphBuilder,
  mark: string,
  holders: readonly Held[],
  into: readonly Workload[],
  servers: Servers,
  callers: Callers,
): void {
  if (holders.length * into.length <= MOST_PAIRS) {
    for (const server of into)
      for (const holder of holders) addHolder(builder, holder, server, servers, callers, 'samePassword');
    return;
  }
  const hub = builder.node(`hub:password/${mark}`, 'hub', `whoever has ${holders[0]!.name}`);
  for (const { workload, name, container } of holders)
    builder.edge({
      id: `has|${workload.id}|${mark}`,
      from: nodeId.workload(workload.id),
      leaves: container,
      to: hub,
      kind: 'credential',
      phrase: `has ${name}`,
      reason: `${holders.length} have it`,
      places: workload.definitions.slice(0, 1),
    });
  for (const server of into) {
    /* That one of them comes there is taken for all: a holder more never makes it less likely. */
    const chances = holders.map(({ workload }) => callers.chanceOf(workload.id, server));
    const best = (end: keyof Chance): number => (chances.some((chance) => chance?.[end] === 1) ? 1 : 0);
    const reach = { least: best('least'), known: best('known'), most: best('most') };
    if (reach.most > 0)
      builder.edge({
        id: `signs-in|${hub}|${server.id}`,
        from: hub,
        ...signingIn(builder, server, servers, reach, 'samePassword'),
        phrase: `signs in to ${workloadLabel(server)}`,
        places: server.definitions.slice(0, 1),
      });
  }
}

/** How likely somebody comes to a server: for certain, as far as is known, and at most. */
interface Chance {
  least: number;
  known: number;
  most: number;
}

function signingIn(
  builder: GraphBuilder,
  server: Workload,
  servers: Servers,
  { least, known, most }: Chance,
  setting: SettingName,
): Pick<EdgeDraft, 'to' | 'enters' | 'kind' | 'probability' | 'range' | 'reason' | 'mitigation'> {
  const number = builder.number(setting);
  return {
    to: nodeId.workload(server.id),
    enters: servers.get(server)?.name,
    kind: 'credential',
    probability: number * known,
    ...(least < most ? { range: [number * least, number * most] } : {}),
    reason: settingReason(setting),
    mitigation,
  };
}

function addHolder(
  builder: GraphBuilder,
  { workload, name, container }: Held,
  server: Workload,
  servers: Servers,
  callers: Callers,
  setting: SettingName,
): void {
  if (workload === server || workload.cluster !== server.cluster) return;
  const reach = callers.chanceOf(workload.id, server);
  if (reach === undefined) return;
  const both = setting === 'samePassword' ? ', which both have' : '';
  builder.edge({
    id: `signs-in|${workload.id}|${server.id}`,
    from: nodeId.workload(workload.id),
    leaves: container,
    ...signingIn(builder, server, servers, reach, setting),
    phrase: `signs in to ${workloadLabel(server)} with ${name}${both}`,
    places: workload.definitions.slice(0, 1),
  });
}

/** Whoever has read the password somewhere needs a way to the server: the Internet is one. */
function addReaders(
  builder: GraphBuilder,
  { secret, written, name }: Held,
  server: Workload,
  container: Container,
  callers: Callers,
): void {
  if (!callers.isExposed(server)) return;
  const [cluster = '', namespace = '', ...rest] = (secret ?? '').split('/');
  const asset =
    written !== undefined ? nodeId.written(server.cluster, written) : nodeId.secret(cluster, namespace, rest.join('/'));
  builder.edge({
    id: `signs-in|${asset}|${server.id}`,
    from: asset,
    to: nodeId.workload(server.id),
    kind: 'credential',
    probability: builder.number('samePassword'),
    phrase: `signs in to ${workloadLabel(server)}, which the Internet reaches, with ${name}`,
    reason: settingReason('samePassword'),
    mitigation: 'let only workloads of the cluster reach it, and replace the password',
    places: server.definitions.slice(0, 1),
    enters: container.name,
  });
}

/** Workloads that name a server as a host in their environment or command line, and have a password there. */
function addNamed(
  builder: GraphBuilder,
  { objects, workloads }: EstateFacts,
  servers: Servers,
  held: ReadonlyMap<Workload, Held[]>,
  callers: Callers,
): void {
  const hosts = workloadsByHost(objects, workloads);
  for (const workload of workloads)
    for (const { name, namedServices } of workload.containers) {
      const own = held.get(workload)?.filter(({ container }) => container === undefined || container === name) ?? [];
      if (own.length === 0) continue;
      for (const host of namedServices)
        for (const server of hosts.get(`${workload.cluster}/${host}`) ?? []) {
          const asking = servers.get(server);
          const password = asking && own.find((each) => mayOpen(each.name, asking));
          if (password) addHolder(builder, password, server, servers, callers, 'namedHost');
        }
    }
}

/** Who reaches servers over the network: for certain, as far as is known, and at most. */
class Callers {
  readonly #from: Record<'least' | 'known' | 'most', Map<string, ReadonlySet<string>[]>>;
  readonly #exposed: ReadonlySet<string>;

  constructor({ reachability }: EstateFacts, servers: Servers) {
    const ids = new Set([...servers.keys()].map(({ id }) => id));
    const sets = new Map<readonly string[], ReadonlySet<string>>();
    const read = (groups: EstateFacts['reachability']['groups']): Map<string, ReadonlySet<string>[]> => {
      const callers = new Map<string, ReadonlySet<string>[]>();
      for (const { from, to } of groups)
        for (const target of to) {
          if (!ids.has(target)) continue;
          const known = sets.get(from) ?? new Set(from);
          sets.set(from, known);
          push(callers, target, known);
        }
      return callers;
    };
    const { groups, least, most, exposures } = reachability;
    const known = read(groups);
    this.#from = {
      known,
      least: least === undefined ? known : read(least.groups),
      most: most === undefined ? known : read(most.groups),
    };
    const certain = least?.exposures ?? exposures;
    this.#exposed = new Set(certain.flatMap(({ from, workload }) => (from === 'internet' ? [workload] : [])));
  }

  /** 0 or 1 at each end; undefined where it is out of reach at every end. */
  chanceOf(caller: string, { id }: Workload): Chance | undefined {
    const at = (end: 'least' | 'known' | 'most') => (this.#from[end].get(id)?.some((set) => set.has(caller)) ? 1 : 0);
    const [least, known, most] = [at('least'), at('known'), at('most')];
    return most === 0 && known === 0
      ? undefined
      : { least: Math.min(least, known), known, most: Math.max(known, most) };
  }

  isExposed({ id }: Workload): boolean {
    return this.#exposed.has(id);
  }
}
