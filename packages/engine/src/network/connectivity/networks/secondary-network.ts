import type { ManifestObject, Unknown, Workload } from '@breakwater/model';
import { type AddressSpan, subtractSpans } from '../../address.ts';
import type { Connections } from '../connections.ts';
import { Connectivity } from '../connectivity.ts';
import { holdsFamily } from '../external-ranges.ts';
import { nameOfPolicy, type Policy, peersOf } from '../policy.ts';
import type { Attachment } from './attachments-of.ts';
import { attachedBy } from './multi-network-policies.ts';
import type { Network } from './network.ts';

/** A workload on a secondary network. */
export interface Member {
  workload: Workload;
  attachments: Attachment[];
}

/** One secondary network, and what decides in it. */
export interface SecondaryEstate {
  network: Network;
  members: Member[];
  policies: ReadonlyMap<Network, Policy[]>;
  connections: Connections;
}

/**
 * Who can talk to whom in a secondary network. Blocks of addresses stand for pods too there, as far as their addresses
 * are known: those that they ask for, else those that the network gives. A block that may hold a pod or not is told.
 */
export function reachOfSecondary(
  cluster: string,
  objects: readonly ManifestObject[],
  { network, members, policies, connections }: SecondaryEstate,
): { reach: Connectivity; doubts: Unknown[] } {
  const own = policies.get(network) ?? [];
  const addresses = members.map(({ attachments }) => {
    const asked = attachments.flatMap((attachment) => attachment.addresses);
    return asked.length > 0 ? asked : network.subnets;
  });
  const namespaces = new Set(members.map(({ workload }) => workload.namespace));
  const reach = new Connectivity(
    cluster,
    objects.filter(({ kind, name }) => kind === 'Namespace' && namespaces.has(name)),
    members.map(marked),
    {
      policies: own,
      connections,
      strangers: [],
      leadsOutside: network.leadsOutside,
      isInBlock: (workload, block) => isInside(addresses[workload]!, block) === true,
    },
  );
  return { reach, doubts: own.filter((policy) => isOpen(policy, addresses)).map(doubtOf) };
}

/** A copy with labels that tell by which definitions it is attached. */
function marked({ workload, attachments }: Member): Workload {
  const marks = attachments.map(({ definition }) => [attachedBy(definition), ''] as const);
  return { ...workload, podLabels: { ...workload.podLabels, ...Object.fromEntries(marks) } };
}

/** Whether all of some addresses are in a block; undefined where some are, and where none is known. */
function isInside(addresses: readonly AddressSpan[], block: readonly AddressSpan[]): boolean | undefined {
  if (addresses.length === 0) return holdsFamily(block) ? true : undefined;
  const rest = addresses.flatMap((span) => subtractSpans(span, block));
  if (rest.length === 0) return true;
  const isSame = rest.length === addresses.length && rest.every((span, at) => sameSpan(span, addresses[at]!));
  return isSame ? false : undefined;
}

function sameSpan(one: AddressSpan, other: AddressSpan): boolean {
  return one.family === other.family && one.first === other.first && one.last === other.last;
}

function isOpen(policy: Policy, addresses: readonly (readonly AddressSpan[])[]): boolean {
  const blocks = peersOf(policy).flatMap((peer) => ('block' in peer ? [peer.block] : []));
  return blocks.some((block) => addresses.some((own) => isInside(own, block) === undefined));
}

function doubtOf(policy: Policy): Unknown {
  return {
    code: 'network-address-not-known',
    message: `${nameOfPolicy(policy)} names addresses that pods may have or not: those whose addresses are given when they start are taken to have others.`,
    place: policy.place,
    hint: 'Name the pods by labels, or give them addresses in their annotation.',
  };
}
