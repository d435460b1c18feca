import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortRange } from '../ports.ts';
import { type ConnectionSet, Connections } from './connections.ts';

const names = [
  { protocol: 'SCTP', name: 'web' },
  { protocol: 'TCP', name: 'web' },
];
const ports = fc.constantFrom(1, 2, 3, 9, 10, 65_534, 65_535);
const ranges: fc.Arbitrary<PortRange[]> = fc.array(
  fc.tuple(fc.constantFrom('TCP', 'UDP', 'SCTP'), ports, ports).map(([protocol, a, b]) => ({
    protocol,
    from: Math.min(a, b),
    to: Math.max(a, b),
  })),
  { maxLength: 4 },
);

/** The places of a set at the borders that the test uses. */
function places(connections: Connections, set: ConnectionSet): Set<string> {
  const held = connections.ranges(set);
  return new Set(
    ['TCP', 'UDP', 'SCTP'].flatMap((protocol) =>
      [1, 2, 3, 4, 8, 9, 10, 11, 65_533, 65_534, 65_535]
        .filter((port) => held.some((one) => one.protocol === protocol && one.from <= port && port <= one.to))
        .map((port) => `${protocol} ${port}`),
    ),
  );
}

describe('sets of connections', () => {
  it('are united, intersected and subtracted as sets are, and equal sets are one', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const connections = new Connections(names);
        const [first, second] = [connections.of(a), connections.of(b)];
        const [one, other] = [places(connections, first), places(connections, second)];
        expect(places(connections, connections.union(first, second))).toEqual(one.union(other));
        expect(places(connections, connections.intersect(first, second))).toEqual(one.intersection(other));
        expect(places(connections, connections.subtract(first, second))).toEqual(one.difference(other));
        const again = connections.union(connections.subtract(first, second), connections.intersect(first, second));
        expect(again).toBe(first);
      }),
    );
  });

  it('keep names apart from numbers, and leave them out where their protocol is open anyway', () => {
    const connections = new Connections(names);
    const web = connections.named('SCTP', 'web');
    const some = connections.union(connections.of([{ protocol: 'SCTP', from: 1, to: 9 }]), web);
    expect(connections.names(some)).toEqual([names[0]]);
    expect(connections.ranges(some)).toEqual([{ protocol: 'SCTP', from: 1, to: 9 }]);
    const all = connections.union(connections.of([{ protocol: 'SCTP', from: 1, to: 65_535 }]), web);
    expect(connections.names(all)).toEqual([]);
    expect(connections.ranges(all)).toEqual([{ protocol: 'SCTP', from: 1, to: 65_535 }]);
    expect(connections.named('UDP', 'web')).toBe(connections.none);
  });
});
