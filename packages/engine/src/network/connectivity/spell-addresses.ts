import { type AddressSpan, parseCidr, spellSpan } from '../address.ts';

const WIDTH = { 4: 32, 6: 128 };

/** Addresses that mean something to whoever reads of them. */
const NAMED: readonly (readonly [cidr: string, name: string])[] = [
  ['169.254.169.254/32', 'metadata of the cloud'],
  ['fd00:ec2::254/128', 'metadata of the cloud'],
  ['100.100.100.200/32', 'metadata of the cloud'],
  ['168.63.129.16/32', 'platform of the cloud'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['fc00::/7', 'private'],
  ['100.64.0.0/10', 'shared by carriers'],
  ['127.0.0.0/8', 'the own host'],
  ['169.254.0.0/16', 'link-local'],
  ['fe80::/10', 'link-local'],
  ['8.8.8.8/32', 'public DNS'],
  ['8.8.4.4/32', 'public DNS'],
  ['1.1.1.1/32', 'public DNS'],
  ['9.9.9.9/32', 'public DNS'],
];
const named = NAMED.map(([cidr, name]) => ({ span: parseCidr(cidr)!, name }));

/** Spans as the fewest CIDRs that hold the same addresses. */
export function cidrsOf(spans: readonly AddressSpan[]): string[] {
  return joined(spans).flatMap(({ family, first, last }) => {
    const cidrs: string[] = [];
    for (let at = first; at <= last; ) {
      let size = 1n;
      while (at % (size * 2n) === 0n && at + size * 2n - 1n <= last) size *= 2n;
      const length = WIDTH[family] - (size.toString(2).length - 1);
      cidrs.push(`${spellSpan({ family, first: at, last: at })}/${length}`);
      at += size;
    }
    return cidrs;
  });
}

/** What a CIDR is known as, if it lies in a range that means something; the narrowest such. */
export function nameOfCidr(cidr: string): string | undefined {
  const span = parseCidr(cidr);
  return named.find((one) => span !== undefined && isInside(span, one.span))?.name;
}

function isInside(span: AddressSpan, other: AddressSpan): boolean {
  return span.family === other.family && span.first >= other.first && span.last <= other.last;
}

/** The same addresses in ascending order, spans that touch as one. */
function joined(spans: readonly AddressSpan[]): AddressSpan[] {
  const sorted = [...spans].sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: AddressSpan[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last !== undefined && last.family === span.family && span.first <= last.last + 1n)
      result[result.length - 1] = { ...last, last: span.last > last.last ? span.last : last.last };
    else result.push(span);
  }
  return result;
}
