import { traverse } from '../cost/prices.ts';
import { formatIpAddress, type IpAddress, parseIpAddress } from '../ip-address.ts';
import { BOOL, INT, IP, STRING } from '../types.ts';
import { CelError, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

const PARSING = traverse(0);
const LOOPBACK_6 = 1n;
const BROADCAST = 0xffffffffn;

/** The address, or the error that says why the text is none. */
export const readIpAddress = (text: string): IpAddress | CelError =>
  parseIpAddress(text) ?? new CelError(`IP Address ${JSON.stringify(text.slice(0, 60))} parse error`);

/** Whether an address is in one network of IPv4 or one of IPv6. */
const inside =
  (network4: bigint, prefix4: number, network6: bigint, prefix6: number) =>
  (address: IpAddress): boolean =>
    address.$bits === 32 ? address.$isIn(network4, prefix4) : address.$isIn(network6, prefix6);

const isLoopback = inside(0x7f000000n, 8, LOOPBACK_6, 128);
const isLinkLocalUnicast = inside(0xa9fe0000n, 16, 0xfe80n << 112n, 10);
const isMulticast = inside(0xe0000000n, 4, 0xff00n << 112n, 8);
/** The scope is in the low bits of the second byte; the flags before it do not count. */
const isLinkLocalMulticast = (address: IpAddress): boolean =>
  address.$bits === 32 ? address.$isIn(0xe0000000n, 24) : ((address.$number >> 112n) & 0xff0fn) === 0xff02n;

const isGlobalUnicast = (address: IpAddress): boolean =>
  address.$number !== 0n &&
  !(address.$bits === 32 && address.$number === BROADCAST) &&
  !isLoopback(address) &&
  !isMulticast(address) &&
  !isLinkLocalUnicast(address);

const test = (name: string, decide: (address: IpAddress) => boolean): FunctionDeclaration =>
  member(name, [IP], BOOL, (_, address) => decide(address));

function isCanonical(text: string): Value {
  const address = readIpAddress(text);
  return address instanceof CelError ? address : formatIpAddress(address) === text;
}

/** Kubernetes' functions on IP addresses. */
export const IP_FUNCTIONS: FunctionDeclaration[] = [
  global('ip', [STRING], IP, (_, text) => readIpAddress(text), PARSING),
  global('isIP', [STRING], BOOL, (_, text) => parseIpAddress(text) !== undefined, PARSING),
  global('ip.isCanonical', [STRING], BOOL, (_, text) => isCanonical(text), traverse(0, 0.2)),
  global('string', [IP], STRING, (_, address) => formatIpAddress(address)),
  member('family', [IP], INT, (_, address: IpAddress) => (address.$bits === 32 ? 4 : 6)),
  test('isUnspecified', (address) => address.$number === 0n),
  test('isLoopback', isLoopback),
  test('isLinkLocalMulticast', isLinkLocalMulticast),
  test('isLinkLocalUnicast', isLinkLocalUnicast),
  test('isGlobalUnicast', isGlobalUnicast),
];
