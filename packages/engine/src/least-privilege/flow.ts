import type { Place } from '@breakwater/model';
import type { PortRange } from '../network/index.ts';

/** Addresses as a NetworkPolicy writes them. */
export interface Block {
  cidr: string;
  except?: string[];
}

/** One end of a needed connection. */
export type FlowEnd =
  | { kind: 'workload'; id: string }
  /** Pods that are not among the manifests, or not by name. `namespaces` names them; all where it is absent. */
  | { kind: 'pods'; namespaces?: readonly string[]; labels: Readonly<Record<string, string>> }
  | { kind: 'addresses'; blocks: readonly Block[] }
  /** Whoever: pods and addresses. */
  | { kind: 'anyone' };

/** What says that a connection is needed. */
export type FlowBasis = 'declared' | 'observed';

/** A connection that must stay possible. At least one of its ends is a workload. */
export interface Flow {
  from: FlowEnd;
  to: FlowEnd;
  /** Ports of the destination; empty for every port. */
  ports: readonly PortRange[];
  basis: FlowBasis;
  /** Follows "needed:": "its environment names redis-cart:6379". */
  why: string;
  places: readonly Place[];
}

/** Something about needed connections that the manifests and events do not tell, as a sentence. */
export interface Gap {
  code:
    | 'external-name'
    | 'controller-unknown'
    | 'scraper-unknown'
    | 'api-server-address'
    | 'service-missing'
    | 'service-elsewhere'
    | 'observed-address'
    | 'not-isolated'
    | 'shared-labels'
    | 'no-caller'
    | 'observation'
    | 'platform'
    | 'closed-before'
    | 'wide-policies'
    | 'staying-policies'
    | 'system-namespace';
  message: string;
  workload?: string;
  places: readonly Place[];
}

/** Needed connections, and what is not known about them. */
export interface FlowFindings {
  flows: Flow[];
  gaps: Gap[];
}

/** Every address but those by which clouds hand out credentials. */
export const ANY_ADDRESS: readonly Block[] = [
  { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] },
  { cidr: '::/0', except: ['fd00:ec2::254/128'] },
];

/** Addresses that nodes have as a rule. */
export const NODES: readonly Block[] = [
  { cidr: '10.0.0.0/8' },
  { cidr: '100.64.0.0/10' },
  { cidr: '172.16.0.0/12' },
  { cidr: '192.168.0.0/16' },
  { cidr: 'fc00::/7' },
];

/** The workload as an end. */
export function endOf({ id }: { id: string }): FlowEnd {
  return { kind: 'workload', id };
}

/** One port as a range. */
export function onPort(port: number, protocol = 'TCP'): PortRange {
  return { protocol, from: port, to: port };
}

/** `TCP 80,443`; `every port` for none. */
export function spellRanges(ports: readonly PortRange[]): string {
  if (ports.length === 0) return 'every port';
  const byProtocol = Map.groupBy(ports, ({ protocol }) => protocol);
  return [...byProtocol]
    .map(([protocol, own]) => `${protocol} ${own.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join()}`)
    .join(' ');
}
