import type { Json, JsonObject } from '@breakwater/model';
import type { PortRange } from '../network/index.ts';

const EVERYONE = 'everyone';

/** Rules of one direction while they grow: by peer first, so that ports of one peer come together. */
export class Rules {
  readonly #portsOf = new Map<string, { peer: JsonObject | undefined; ports: Map<string, PortRange> | undefined }>();

  add(list: readonly JsonObject[] | undefined, ports: readonly PortRange[]): void {
    for (const peer of list ?? [undefined]) {
      const key = peer === undefined ? EVERYONE : JSON.stringify(peer);
      let known = this.#portsOf.get(key);
      if (known === undefined) {
        known = { peer, ports: new Map() };
        this.#portsOf.set(key, known);
      }
      if (ports.length === 0) known.ports = undefined;
      for (const range of ports) known.ports?.set(`${range.protocol} ${range.from}-${range.to}`, range);
    }
  }

  /** The fewest rules: peers with equal ports are one. */
  written(field: 'from' | 'to'): Json[] {
    const rules = new Map<string, { peers: (JsonObject | undefined)[]; ports: PortRange[] | undefined }>();
    for (const [key, { peer, ports }] of [...this.#portsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const list = ports === undefined ? undefined : [...ports.values()].sort(byPort);
      const same = `${key === EVERYONE} ${JSON.stringify(list ?? null)}`;
      const known = rules.get(same);
      if (known === undefined) rules.set(same, { peers: [peer], ports: list });
      else known.peers.push(peer);
    }
    return [...rules.values()].map(({ peers: list, ports }) => {
      const named = list.filter((peer) => peer !== undefined);
      return {
        ...(named.length > 0 && { [field]: named }),
        ...(ports !== undefined && { ports: ports.map(writtenPort) }),
      };
    });
  }
}

function byPort(a: PortRange, b: PortRange): number {
  return a.from - b.from || (a.protocol < b.protocol ? -1 : 1);
}

function writtenPort({ protocol, from, to }: PortRange): JsonObject {
  return { protocol, port: from, ...(to !== from && { endPort: to }) };
}
