import type { AddressSpan } from '@breakwater/engine/network';
import type { ConnectionSet, Connections } from '@breakwater/engine/network/connectivity';

/** Connections as the suite writes them; empty for none. */
export function spellConnections(connections: Connections, set: ConnectionSet): string {
  const ranges = connections.ranges(set);
  if (connections.of(ranges) === connections.numbers) return 'All Connections';
  const parts = [
    ...ranges.map(({ protocol, from, to }) => `${protocol} ${from === to ? from : `${from}-${to}`}`),
    ...connections.names(set).map(({ protocol, name }) => `${protocol} ${name}`),
  ];
  return parts.join();
}

/** Ranges of IPv4 as the suite names them; it knows no other. */
export function spellRanges(spans: readonly AddressSpan[]): string[] {
  return spans
    .filter(({ family }) => family === 4)
    .map(({ first, last }) => `${dotted(first)}-${dotted(last)}[External]`);
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((bits) => (value >> bits) & 255n).join('.');
}
