import {
  explain,
  type Network,
  type NetworkReach,
  nameOfNetwork,
  nameOfPolicy,
} from '@breakwater/engine/network/connectivity';
import { addressesOf, isMeant, nameOfWorkload, nameOutside, networkField, spellPorts } from './reach-ends.ts';
import type { ReachReason } from './reach-rows.ts';

interface NamedEnd {
  number: number;
  name: string;
  isOutside: boolean;
}

/** Why each part of what one end might open to another is allowed or not, in one network. */
export function explainConnections(
  { network, reach }: NetworkReach,
  { from, to }: { from: string; to: string },
): ReachReason[] {
  const ends = [...reach.endpoints.entries()].flatMap(([number, end]): NamedEnd[] => {
    if (end.kind === 'workloads')
      return end.class.members.map((position) => {
        const name = nameOfWorkload(reach.workloads[position]!);
        return { number, name, isOutside: false };
      });
    return end.kind === 'external' ? [{ number, name: nameOutside(addressesOf([end.range])), isOutside: true }] : [];
  });
  const meant = (wanted: string): NamedEnd[] =>
    ends.filter(({ name, isOutside }) => (isOutside ? wanted === 'outside' : isMeant(name, wanted)));
  return meant(from).flatMap((source) =>
    meant(to).flatMap((destination) => {
      if (source.name === destination.name || (source.isOutside && destination.isOutside)) return [];
      return explain(reach, source.number, destination.number).map(({ connections, allowed, egress, ingress }) => ({
        from: source.name,
        to: destination.name,
        ports: spellPorts(reach, connections),
        allowed,
        because: [egress, ingress].flatMap(({ steps }, at) =>
          steps.map(({ policy, does, rule }) => {
            const said = does === 'selects' ? 'has no rule that allows it' : `${does} by rule ${rule}`;
            return `${at === 0 ? 'egress' : 'ingress'}: ${nameOfPolicy(policy)} ${said}`;
          }),
        ),
        ...networkField(network),
      }));
    }),
  );
}

/** Pairs that are apart because their primary networks are two. */
export function explainIsolation(
  networks: readonly NetworkReach[],
  { from, to }: { from: string; to: string },
): ReachReason[] {
  const primary = networks.filter(({ network }) => network.role === 'primary');
  const meant = (wanted: string): { name: string; network: Network }[] =>
    primary.flatMap(({ network, reach }) =>
      reach.workloads.map(nameOfWorkload).flatMap((name) => (isMeant(name, wanted) ? [{ name, network }] : [])),
    );
  return meant(from).flatMap((source) =>
    meant(to).flatMap((destination) =>
      source.network === destination.network
        ? []
        : [
            {
              from: source.name,
              to: destination.name,
              ports: 'every port',
              allowed: false,
              because: [source, destination].map(({ name, network }) => `${name} is on ${nameOfNetwork(network)}`),
            },
          ],
    ),
  );
}
