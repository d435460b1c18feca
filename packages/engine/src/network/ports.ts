import type { Workload } from '@breakwater/model';
import type { PortMatch } from './network-policy.ts';

/** Ports of one protocol, both ends included. */
export interface PortRange {
  protocol: string;
  from: number;
  to: number;
}

/** Ports that rules allow; undefined stands for all. */
export type PortSet = readonly PortRange[] | undefined;

/** What port matches mean on one workload: names become the numbers that its containers declare under them. */
export function resolvePorts(matches: readonly PortMatch[] | undefined, workload: Workload): PortSet {
  if (matches === undefined) return undefined;
  return matches.flatMap((match) => {
    if (!('name' in match)) return [match];
    return declaredPorts(workload, match.name)
      .filter((port) => port.protocol === match.protocol)
      .map(({ protocol, containerPort }) => ({ protocol, from: containerPort, to: containerPort }));
  });
}

/** Ports that running containers declare, all or those of one name. */
export function declaredPorts(workload: Workload, name?: string): Workload['containers'][number]['ports'] {
  return workload.containers
    .filter((container) => container.role === 'main')
    .flatMap((container) => container.ports)
    .filter((port) => name === undefined || port.name === name);
}

/** Ports in both sets, sorted and without overlaps; an empty list when there are none. */
export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  if (a === undefined) return b === undefined ? undefined : normalisePorts(b);
  if (b === undefined) return normalisePorts(a);
  const both = a.flatMap((x) =>
    b
      .filter((y) => x.protocol === y.protocol && x.from <= y.to && y.from <= x.to)
      .map((y) => ({ protocol: x.protocol, from: Math.max(x.from, y.from), to: Math.min(x.to, y.to) })),
  );
  return normalisePorts(both);
}

/** The same ports, sorted by protocol and number, touching ranges joined. */
export function normalisePorts(ports: readonly PortRange[]): PortRange[] {
  const sorted = [...ports].sort((a, b) => compare(a.protocol, b.protocol) || a.from - b.from);
  const joined: PortRange[] = [];
  for (const { protocol, from, to } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && last.protocol === protocol && from <= last.to + 1) last.to = Math.max(last.to, to);
    else joined.push({ protocol, from, to });
  }
  return joined;
}

/** Whether a port is in the set. */
export function holdsPort(ports: PortSet, protocol: string, port: number): boolean {
  return (
    ports === undefined || ports.some((range) => range.protocol === protocol && range.from <= port && port <= range.to)
  );
}

/** `TCP 80,443-445 UDP 53`; empty for all. */
export function spellPorts(ports: PortSet): string {
  return (ports ?? []).map(({ protocol, from, to }) => `${protocol} ${from === to ? from : `${from}-${to}`}`).join(',');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
