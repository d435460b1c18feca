import type { ConnectionSet, Connectivity } from '@breakwater/engine/network/connectivity';

/** What a case asks for. */
export interface Arguments {
  explain_only?: string;
  focus_workloads?: string[];
  focus_workload_peers?: string[];
  focus_direction?: 'ingress' | 'egress';
  focus_conn?: string;
  multiple_networks?: boolean;
}

/** Which rows are wanted. */
export interface Focus {
  /** Whether a row from one end to another is. */
  pair(source: string, destination: string): boolean;
  /** Whether rows of one workload in one direction are. */
  side(workload: string, direction: 'ingress' | 'egress'): boolean;
  /** What is left of connections; undefined where all are wanted. */
  connections: ConnectionSet | undefined;
}

export function focusOf(args: Arguments, reach: Connectivity): Focus {
  const { focus_workloads: workloads = [], focus_workload_peers: peers = [], focus_direction: direction } = args;
  const isFocus = (name: string): boolean => workloads.length === 0 || workloads.some((one) => isNamed(name, one));
  const isPeer = (name: string): boolean => peers.length === 0 || peers.some((one) => isNamed(name, one));
  const [, protocol, port] = /^([a-z]+)-(\d+)$/i.exec(args.focus_conn ?? '') ?? [];
  return {
    pair: (source, destination) =>
      (direction !== 'ingress' && isFocus(source) && isPeer(destination)) ||
      (direction !== 'egress' && isFocus(destination) && isPeer(source)),
    side: (workload, side) => (direction === undefined || direction === side) && isFocus(workload),
    connections:
      protocol === undefined
        ? undefined
        : reach.connections.of([{ protocol: protocol.toUpperCase(), from: Number(port), to: Number(port) }]),
  };
}

/** Whether a case asks for some rows alone. */
export function isFocused(args: Arguments): boolean {
  return (
    args.focus_conn !== undefined ||
    (args.focus_workloads ?? []).length > 0 ||
    (args.focus_workload_peers ?? []).length > 0
  );
}

/** Whether `shop/web[Deployment]` is meant by `web`, `shop/web` or its whole name. */
function isNamed(name: string, wanted: string): boolean {
  if (name === `{${wanted}}`) return true;
  const plain = name.replace('[udn]', '').replace(/\[.*$/, '');
  return name === wanted || plain === wanted || plain.slice(plain.indexOf('/') + 1) === wanted;
}
