import type { Network } from '@breakwater/engine/network/connectivity';
import type { Row } from './explain-rows.ts';
import type { Focus } from './focus.ts';
import { networkField, type State } from './read-state.ts';
import { spellConnections } from './spell.ts';

/** Pairs that no connection is possible between, because their primary networks are two. */
export function isolatedRows({ reach, network, names, isolated }: State, focus: Focus): Row[] {
  const denied = spellConnections(reach.connections, focus.connections ?? reach.connections.everything);
  return names.flatMap((src) =>
    isolated.flatMap((other) =>
      other.names
        .filter((dst) => focus.pair(src, dst))
        .map((dst) => ({
          src,
          dst,
          ...networkField(network.kind === 'PodNetwork' ? other.network : network),
          allowed: '',
          denied,
          policies: [network, other.network].flatMap(isolatorOf),
        })),
    ),
  );
}

/** A network of one namespace bears its name. */
function isolatorOf({ kind, namespace, name }: Network): string[] {
  if (kind === 'PodNetwork') return [];
  return [`${kind} ${kind === 'UserDefinedNetwork' ? namespace : name}`];
}
