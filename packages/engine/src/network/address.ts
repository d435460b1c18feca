/** A span of addresses of one family, both ends included. */
export interface AddressSpan {
  family: 4 | 6;
  first: bigint;
  last: bigint;
}

const octet = /^(0|[1-9][0-9]{0,2})$/;
const hexGroup = /^[0-9a-fA-F]{1,4}$/;

/** Reads an IPv4 or IPv6 address; undefined where it is none. */
export function parseAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(':')) {
    const value = parseFour(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = parseSix(text);
  return value === undefined ? undefined : { family: 6, value };
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => octet.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseSix(text: string): bigint | undefined {
  const dotted = /^(.*:)([0-9.]+)$/.exec(text);
  if (dotted?.[2]?.includes('.')) {
    const four = parseFour(dotted[2]);
    if (four === undefined) return undefined;
    return parseSix(`${dotted[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...tail];
  if (!groups.every((group) => hexGroup.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

/** Reads `10.0.0.0/8` or `fd00::/8`; undefined where it is no CIDR. Bits below the mask are let pass, as the API server does. */
export function parseCidr(text: string): AddressSpan | undefined {
  const [address, length, ...more] = text.split('/');
  if (address === undefined || length === undefined || more.length > 0 || !octet.test(length)) return undefined;
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  const width = parsed.family === 4 ? 32 : 128;
  if (Number(length) > width) return undefined;
  const size = 1n << BigInt(width - Number(length));
  const first = (parsed.value / size) * size;
  return { family: parsed.family, first, last: first + size - 1n };
}

/** What is left of a span when others are taken out. */
export function subtractSpans(span: AddressSpan, taken: readonly AddressSpan[]): AddressSpan[] {
  let left = [span];
  for (const hole of taken) {
    left = left.flatMap((part) => {
      if (part.family !== hole.family || hole.last < part.first || hole.first > part.last) return [part];
      const parts: AddressSpan[] = [];
      if (part.first < hole.first) parts.push({ ...part, last: hole.first - 1n });
      if (part.last > hole.last) parts.push({ ...part, first: hole.last + 1n });
      return parts;
    });
  }
  return left;
}

/** Ranges that are not routed on the Internet (IANA special-purpose registries). */
const privateSpans = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b:1::/48',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].map((cidr) => parseCidr(cidr) as AddressSpan);

/** Whether any address of the spans is one of the Internet's. */
export function holdsPublic(spans: readonly AddressSpan[]): boolean {
  return spans.some((span) => subtractSpans(span, privateSpans).length > 0);
}

/** Whether any address of the spans is one that nodes and their neighbours have. */
export function holdsPrivate(spans: readonly AddressSpan[]): boolean {
  return spans.some((span) => {
    const rest = subtractSpans(span, privateSpans);
    return !(rest.length === 1 && rest[0]?.first === span.first && rest[0].last === span.last);
  });
}

/** A span in words: `10.0.0.0-10.0.0.255`, `fd00::-fd00::ffff`, one address where it is one. */
export function spellSpan({ family, first, last }: AddressSpan): string {
  const spell = family === 4 ? spellFour : spellSix;
  return first === last ? spell(first) : `${spell(first)}-${spell(last)}`;
}

function spellFour(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((bits) => (value >> bits) & 255n).join('.');
}

/** Groups without leading zeros, the first longest run of zeros left out (RFC 5952). */
function spellSix(value: bigint): string {
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((bits) => ((value >> bits) & 0xffffn).toString(16));
  let best = { at: 0, length: 1 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  if (best.length === 1) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}
