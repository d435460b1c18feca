import type { Workload } from '@breakwater/model';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type Held, heldPasswords } from './held-passwords.ts';
import { nodeId, workloadLabel } from './names.ts';
import { passwordServer, workloadsByHost } from './password-servers.ts';
import { type SettingName, settingReason } from './settings.ts';

const mitigation = 'a password of its own for each that signs in, with no more rights than it needs';

/**
 * From whoever has the password of a server into that server: workloads that have the very one which the server is set up
 * with, or that name it as a host and have a password, as far as the network lets them come; and whoever has it in his
 * hands, where the Internet reaches the server. Edges grow with the holders of the passwords of servers.
 */
export function addSharedPasswords(builder: GraphBuilder, facts: EstateFacts): void {
  const servers = new Map(
    facts.workloads.flatMap((workload) => {
      const container = passwordServer(workload);
      return container === undefined ? [] : [[workload, container] as const];
    }),
  );
  if (servers.size === 0) return;
  const held = heldPasswords(facts.objects, facts.workloads);
  const callers = new Callers(facts, servers);
  const holders = Map.groupBy(
    [...held.values()].flat().flatMap((each) => each.marks.map((mark) => [mark, each] as const)),
    ([mark]) => mark,
  );
  for (const [server, container] of servers) {
    const own = (held.get(server) ?? []).filter((each) => each.container === container.name);
    for (const password of own) {
      for (const [, holder] of password.marks.flatMap((mark) => holders.get(mark) ?? []))
        addHolder(builder, holder, server, callers, 'samePassword');
      addReaders(builder, password, server, callers);
    }
  }
  addNamed(builder, facts, servers, held, callers);
}

function addHolder(
  builder: GraphBuilder,
  { workload, name, container }: Held,
  server: Workload,
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
    to: nodeId.workload(server.id),
    kind: 'credential',
    probability: builder.number(setting) * reach.known,
    ...(reach.least < reach.most
      ? { range: [builder.number(setting) * reach.least, builder.number(setting) * reach.most] as [number, number] }
      : {}),
    phrase: `signs in to ${workloadLabel(server)} with ${name}${both}`,
    reason: settingReason(setting),
    mitigation,
    places: workload.definitions.slice(0, 1),
    ...(container === undefined ? {} : { leaves: container }),
    enters: passwordServer(server)?.name,
  });
}

/** Whoever has read the password somewhere needs a way to the server: the Internet is one. */
function addReaders(builder: GraphBuilder, { secret, written, name }: Held, server: Workload, callers: Callers): void {
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
    enters: passwordServer(server)?.name,
  });
}

/** Workloads that name a server as a host in their environment or command line, and have a password there. */
function addNamed(
  builder: GraphBuilder,
  { objects, workloads }: EstateFacts,
  servers: ReadonlyMap<Workload, unknown>,
  held: ReadonlyMap<Workload, Held[]>,
  callers: Callers,
): void {
  const hosts = workloadsByHost(objects, workloads);
  for (const workload of workloads)
    for (const { name, namedServices } of workload.containers) {
      const password = held.get(workload)?.find(({ container }) => container === undefined || container === name);
      if (password === undefined) continue;
      for (const host of namedServices)
        for (const server of hosts.get(`${workload.cluster}/${host}`) ?? [])
          if (servers.has(server)) addHolder(builder, password, server, callers, 'namedHost');
    }
}

/** Who reaches servers over the network: for certain, as far as is known, and at most. */
class Callers {
  readonly #from: Record<'least' | 'known' | 'most', Map<string, ReadonlySet<string>[]>>;
  readonly #exposed: ReadonlySet<string>;

  constructor({ reachability }: EstateFacts, servers: ReadonlyMap<Workload, unknown>) {
    const ids = new Set([...servers.keys()].map(({ id }) => id));
    const sets = new Map<readonly string[], ReadonlySet<string>>();
    const read = (groups: EstateFacts['reachability']['groups']): Map<string, ReadonlySet<string>[]> => {
      const callers = new Map<string, ReadonlySet<string>[]>();
      for (const { from, to } of groups)
        for (const target of to) {
          if (!ids.has(target)) continue;
          const known = sets.get(from) ?? new Set(from);
          sets.set(from, known);
          callers.set(target, [...(callers.get(target) ?? []), known]);
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
  chanceOf(caller: string, { id }: Workload): { least: number; known: number; most: number } | undefined {
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
