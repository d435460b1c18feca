/** Names that an answer of a name server gives addresses: RFC 1035, section 4.1. */
export interface NamedAddress {
  name: string;
  address: string;
}

const MOST_RECORDS = 64;
const MOST_JUMPS = 32;
const TYPE_A = 1;
const TYPE_CNAME = 5;
const TYPE_AAAA = 28;

/**
 * Addresses in an answer, by the name that was asked for, through other names that it is an alias of, in whatever order
 * they come. Empty for what is no answer or is damaged from the start; what was read before a damage is given. Bytes come
 * from strangers: bounded, and names only of what may be in a name.
 */
export function readNameAnswer(bytes: Buffer): NamedAddress[] {
  if (bytes.length < 12 || (bytes.readUInt8(2) & 0x80) === 0 || bytes.readUInt16BE(4) !== 1) return [];
  const asked = readName(bytes, 12);
  if (asked === undefined) return [];
  const { aliases, addresses } = readRecords(bytes, asked.end + 4);
  const names = new Set([asked.name]);
  for (let before = 0; before < names.size; ) {
    before = names.size;
    for (const { owner, target } of aliases) if (names.has(owner)) names.add(target);
  }
  return addresses.flatMap(({ owner, address }) => (names.has(owner) ? [{ name: asked.name, address }] : []));
}

/** As name servers send it over TCP (RFC 1035, section 4.2.2): after its length, of which a packet may hold the beginning. */
export function readNameStream(bytes: Buffer): NamedAddress[] {
  if (bytes.length < 2) return [];
  const length = bytes.readUInt16BE(0);
  const message = bytes.subarray(2, 2 + length);
  // Some send the length in a packet of its own: what comes then begins with the message.
  return message.length < 12 || length < message.length ? readNameAnswer(bytes) : readNameAnswer(message);
}

interface Records {
  aliases: { owner: string; target: string }[];
  addresses: { owner: string; address: string }[];
}

function readRecords(bytes: Buffer, start: number): Records {
  const found: Records = { aliases: [], addresses: [] };
  const count = Math.min(bytes.readUInt16BE(6), MOST_RECORDS);
  let at = start;
  for (let index = 0; index < count; index++) {
    const owner = readName(bytes, at);
    if (owner === undefined || owner.end + 10 > bytes.length) return found;
    const type = bytes.readUInt16BE(owner.end);
    const length = bytes.readUInt16BE(owner.end + 8);
    at = owner.end + 10;
    if (at + length > bytes.length) return found;
    const target = type === TYPE_CNAME ? readName(bytes, at)?.name : undefined;
    if (target !== undefined) found.aliases.push({ owner: owner.name, target });
    const address = addressOf(type, bytes.subarray(at, at + length));
    if (address !== undefined) found.addresses.push({ owner: owner.name, address });
    at += length;
  }
  return found;
}

function addressOf(type: number, bytes: Buffer): string | undefined {
  if (type === TYPE_A && bytes.length === 4) return formatAddress(bytes);
  return type === TYPE_AAAA && bytes.length === 16 ? formatAddress(bytes) : undefined;
}

function readName(bytes: Buffer, start: number): { name: string; end: number } | undefined {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  for (let jumps = 0; jumps < MOST_JUMPS; ) {
    if (at >= bytes.length) return undefined;
    const length = bytes.readUInt8(at);
    if (length === 0) return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 };
    if ((length & 0xc0) === 0xc0) {
      if (at + 1 >= bytes.length) return undefined;
      end ??= at + 2;
      at = bytes.readUInt16BE(at) & 0x3fff;
      jumps++;
      continue;
    }
    const label = bytes.toString('latin1', at + 1, at + 1 + length);
    if (length > 63 || label.length !== length || !/^[\w-]+$/.test(label) || labels.length >= 127) return undefined;
    labels.push(label);
    at += 1 + length;
  }
  return undefined;
}

/** An address of 4 or 16 bytes as text; IPv6 in its short form (RFC 5952), an IPv4 address within it as IPv4. */
export function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff) {
    return bytes.subarray(12).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  const run = longestZeros(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.at).join(':')}::${groups.slice(run.at + run.length).join(':')}`;
}

function longestZeros(groups: readonly string[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  return best;
}
