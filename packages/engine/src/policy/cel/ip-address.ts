import { Opaque } from './values.ts';

const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** An address of either family as the number that its bytes make. */
export class IpAddress extends Opaque {
  readonly $kind = 'net.IP';
  readonly $number: bigint;
  readonly $bits: 32 | 128;

  constructor(number: bigint, bits: 32 | 128) {
    super();
    this.$number = number;
    this.$bits = bits;
  }

  override get $size(): number {
    return this.$bits / 8;
  }

  $equals(other: Opaque): boolean {
    return other instanceof IpAddress && other.$bits === this.$bits && other.$number === this.$number;
  }

  /** Whether its first bits are those of a network. */
  $isIn(network: bigint, prefix: number): boolean {
    const rest = BigInt(this.$bits - prefix);
    return this.$number >> rest === network >> rest;
  }
}

/** A network: an address, which may have bits behind the prefix, and the length of the prefix. */
export class Network extends Opaque {
  readonly $kind = 'net.CIDR';
  readonly $address: IpAddress;
  readonly $prefix: number;

  constructor(address: IpAddress, prefix: number) {
    super();
    this.$address = address;
    this.$prefix = prefix;
  }

  override get $size(): number {
    return Math.ceil(this.$prefix / 8);
  }

  $equals(other: Opaque): boolean {
    return other instanceof Network && other.$prefix === this.$prefix && other.$address.$equals(this.$address);
  }

  $contains(address: IpAddress): boolean {
    return address.$bits === this.$address.$bits && address.$isIn(this.$address.$number, this.$prefix);
  }
}

function parseVersion4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function parseGroups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const embedded = isLast && part.includes('.') ? parseVersion4(part) : undefined;
    if (embedded !== undefined) groups.push(embedded >> 16n, embedded & 0xffffn);
    else if (GROUP.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function parseVersion6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const before = parseGroups(halves[0] ?? '');
  const after = parseGroups(halves[1] ?? '');
  if (before === undefined || after === undefined || (halves[1] !== undefined && (halves[0] ?? '').includes('.')))
    return undefined;
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => 0n), ...after];
  return groups.reduce((number, group) => number * 65_536n + group, 0n);
}

/** An address as Kubernetes takes it: no zone, no leading zeros, no IPv4 inside IPv6 (`::ffff:1.2.3.4`). */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > 60) return undefined;
  if (!text.includes(':')) {
    const number = parseVersion4(text);
    return number === undefined ? undefined : new IpAddress(number, 32);
  }
  const number = parseVersion6(text);
  if (number === undefined || number >> 32n === 0xffffn) return undefined;
  return new IpAddress(number, 128);
}

/** `address/prefix`; bits behind the prefix are kept. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return undefined;
  const address = parseIpAddress(text.slice(0, slash));
  const prefix = text.slice(slash + 1);
  if (address === undefined || !OCTET.test(prefix) || Number(prefix) > address.$bits) return undefined;
  return new Network(address, Number(prefix));
}

/** The one form that an address is written in (RFC 5952). */
export function formatIpAddress({ $number, $bits }: IpAddress): string {
  if ($bits === 32) return [24n, 16n, 8n, 0n].map((shift) => ($number >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ($number >> BigInt(112 - index * 16)) & 0xffffn);
  let [begin, length] = [0, 1];
  for (let index = 0; index < 8; index++) {
    let end = index;
    while (end < 8 && groups[end] === 0n) end++;
    if (end - index > length) [begin, length] = [index, end - index];
  }
  const written = groups.map((group) => group.toString(16));
  if (length < 2) return written.join(':');
  return `${written.slice(0, begin).join(':')}::${written.slice(begin + length).join(':')}`;
}

export const formatNetwork = ({ $address, $prefix }: Network): string => `${formatIpAddress($address)}/${$prefix}`;
