import {
  type ConnectionSet,
  type Connectivity,
  cidrsOf,
  type ExternalRange,
  type Network,
  nameOfCidr,
  nameOfNetwork,
} from '@breakwater/engine/network/connectivity';
import type { Workload } from '@breakwater/model';

/** Blocks of addresses that are spelled; of more only their number. */
const MOST_BLOCKS = 6;

/** `shop/Deployment/web`. */
export function nameOfWorkload({ namespace, kind, name }: Pick<Workload, 'namespace' | 'kind' | 'name'>): string {
  return `${namespace}/${kind}/${name}`;
}

/** Whether `shop/Deployment/web` is meant by `web`, `shop/web` or all of it; everything is by nothing. */
export function isMeant(name: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const [namespace, , own] = name.split('/');
  return wanted === name || wanted === own || wanted === `${namespace}/${own}`;
}

/** Whether addresses outside are meant. */
export function isOutsideMeant(wanted: string | undefined): boolean {
  return wanted === undefined || wanted === 'outside';
}

/** Ranges outside as CIDRs and names of hosts. */
export function addressesOf(ranges: readonly ExternalRange[]): string[] {
  const names = ranges.flatMap(({ domain }) => domain ?? []);
  return [...names.sort(), ...cidrsOf(ranges.flatMap(({ spans }) => spans))];
}

/** Addresses outside in words: `outside (any address)`, `outside (api.example.com, 10.0.0.0/8: private)`. */
export function nameOutside(addresses: readonly string[]): string {
  const blocks = addresses.filter((address) => address !== '0.0.0.0/0' && address !== '::/0');
  const families = addresses.length - blocks.length;
  const whole = families === 2 ? ['any address'] : addresses.includes('0.0.0.0/0') ? ['any IPv4'] : [];
  if (whole.length === 0 && families === 1) whole.push('any IPv6');
  const words = [...whole, ...blocks.slice(0, MOST_BLOCKS).map(wordsOf)];
  if (blocks.length > MOST_BLOCKS) words.push(`${blocks.length - MOST_BLOCKS} more blocks`);
  return `outside (${words.join(', ')})`;
}

function wordsOf(address: string): string {
  const short = address.replace(/\/32$|\/128$/, '');
  const name = nameOfCidr(address);
  return name === undefined ? short : `${short}: ${name}`;
}

/** The network of a row, where it is not the one that every cluster has. */
export function networkField(network: Network): { network?: string } {
  return network.kind === 'PodNetwork' ? {} : { network: nameOfNetwork(network) };
}

/** `TCP 80,443 UDP 53`; `every port`; names of ports that nobody declares yet last. */
export function spellPorts({ connections }: Pick<Connectivity, 'connections'>, set: ConnectionSet): string {
  const ranges = connections.ranges(set);
  if (connections.of(ranges) === connections.numbers) return 'every port';
  const byProtocol = Map.groupBy(ranges, ({ protocol }) => protocol);
  const numbers = [...byProtocol].map(([protocol, own]) => {
    const ports = own.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join();
    return ports === '1-65535' ? protocol : `${protocol} ${ports}`;
  });
  return [...numbers, ...connections.names(set).map(({ protocol, name }) => `${protocol} ${name}`)].join(' ');
}
