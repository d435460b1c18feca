import { type Price, TRAVERSAL, traverse } from '../cost/prices.ts';
import { exactly, plus, scale } from '../cost/range.ts';
import { sizeOf } from '../cost/sizes.ts';
import { formatNetwork, IpAddress, Network, parseNetwork } from '../ip-address.ts';
import { BOOL, CIDR, INT, IP, STRING } from '../types.ts';
import { CelError } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';
import { readIpAddress } from './ip.ts';

const PARSING = traverse(0);
/** Bytes of an address of either family. */
const BYTES = { min: 4, max: 16 };

const tenth = (size: number): number => Math.ceil(size * TRAVERSAL);

/** Comparing prefixes; for a network in a network they are masked first, and a text has to be read. */
const containment = (masks: boolean, reads: boolean): Price => ({
  pay: (network, other) => {
    const size = sizeOf(network);
    return tenth(2 * size) + (masks ? tenth(size) + 1 : 0) + (reads ? tenth(sizeOf(other)) : 0);
  },
  estimate: (operands) => {
    let cost = scale(plus(BYTES, BYTES), TRAVERSAL);
    if (masks) cost = plus(plus(cost, scale(BYTES, TRAVERSAL)), exactly(1));
    const text = operands[1];
    return { cost: reads && text !== undefined ? plus(cost, scale(text.size, TRAVERSAL)) : cost };
  },
});

const read = (text: string): Network | CelError =>
  parseNetwork(text) ?? new CelError(`network address parse error: ${JSON.stringify(text.slice(0, 60))}`);

const holdsAddress = (network: Network, address: IpAddress | CelError): boolean | CelError =>
  address instanceof CelError ? address : network.$contains(address);

const holdsNetwork = (network: Network, other: Network | CelError): boolean | CelError =>
  other instanceof CelError ? other : network.$prefix <= other.$prefix && network.$contains(other.$address);

function masked({ $address, $prefix }: Network): Network {
  const rest = BigInt($address.$bits - $prefix);
  return new Network(new IpAddress(($address.$number >> rest) << rest, $address.$bits), $prefix);
}

/** Kubernetes' functions on networks. */
export const CIDR_FUNCTIONS: FunctionDeclaration[] = [
  global('cidr', [STRING], CIDR, (_, text) => read(text), PARSING),
  global('isCIDR', [STRING], BOOL, (_, text) => parseNetwork(text) !== undefined, PARSING),
  global('string', [CIDR], STRING, (_, network) => formatNetwork(network)),
  member(
    'containsIP',
    [CIDR, IP],
    BOOL,
    (_, network, address) => holdsAddress(network, address),
    containment(false, false),
  ),
  member(
    'containsIP',
    [CIDR, STRING],
    BOOL,
    (_, network, text) => holdsAddress(network, readIpAddress(text)),
    containment(false, true),
  ),
  member(
    'containsCIDR',
    [CIDR, CIDR],
    BOOL,
    (_, network, other) => holdsNetwork(network, other),
    containment(true, false),
  ),
  member(
    'containsCIDR',
    [CIDR, STRING],
    BOOL,
    (_, network, text) => holdsNetwork(network, read(text)),
    containment(true, true),
  ),
  member('ip', [CIDR], IP, (_, network: Network) => network.$address),
  member('masked', [CIDR], CIDR, (_, network) => masked(network)),
  member('prefixLength', [CIDR], INT, (_, network: Network) => network.$prefix),
];
