import type { Place } from '@breakwater/model';
import type { AddressSpan } from '../../address.ts';

/** Which kind of object makes a network; the pod network is the one that every cluster has. */
export type NetworkKind =
  | 'PodNetwork'
  | 'UserDefinedNetwork'
  | 'ClusterUserDefinedNetwork'
  | 'NetworkAttachmentDefinition';

/** One network of a cluster. */
export interface Network {
  kind: NetworkKind;
  /** Empty for networks of the cluster. */
  namespace: string;
  name: string;
  /** A pod has one primary network, which policies and Services are about, and any number of secondary ones. */
  role: 'primary' | 'secondary';
  /** Whether it leads to addresses outside the cluster. */
  leadsOutside: boolean;
  /** Addresses that pods are given in it; empty where that is not said. */
  subnets: readonly AddressSpan[];
  /** Where it is defined; none for the pod network. */
  places: readonly Place[];
}

/** The network of every pod that no other primary network takes. */
export const POD_NETWORK: Network = {
  kind: 'PodNetwork',
  namespace: '',
  name: 'pod network',
  role: 'primary',
  leadsOutside: true,
  subnets: [],
  places: [],
};

/** `UserDefinedNetwork shop/blue`, `the pod network`. */
export function nameOfNetwork({ kind, namespace, name }: Network): string {
  if (kind === 'PodNetwork') return 'the pod network';
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}
