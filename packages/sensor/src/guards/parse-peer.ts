import { isIP } from 'node:net';
import { UserError } from '@breakwater/model';
import type { AllowedPeers } from '../kernel/index.ts';

/** Bytes before an IPv4 address that is written as IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/**
 * Reads `ADDRESS[/BITS][:PORT]`, an IPv6 address with a port in brackets: `10.0.0.0/8`, `10.0.0.5:5432`,
 * `[2001:db8::/32]:443`, `::1`. @throws {UserError} `peer-invalid` for anything else
 */
export function parsePeer(text: string): AllowedPeers {
  const match = /^(?:\[([^\]]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/.exec(text) ?? /^()([^[\]]+)$/.exec(text);
  const [, bracketed = '', plain = '', portText] = match ?? [];
  const [ip = '', bitsText] = (bracketed || plain).split('/');
  const family = isIP(ip);
  const port = portText === undefined ? 0 : Number(portText);
  const most = family === 4 ? 32 : 128;
  const bits = bitsText === undefined ? most : /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : Number.NaN;
  const isPort = portText === undefined || (port > 0 && port <= 65_535);
  if (family === 0 || !(bits <= most) || !isPort) {
    throw new UserError(`'${text}' names no address that can be allowed.`, {
      code: 'peer-invalid',
      hint: 'Write ADDRESS[/BITS][:PORT]: 10.0.0.0/8, 10.0.0.5:5432, [2001:db8::/32]:443.',
    });
  }
  const address = family === 4 ? Buffer.concat([MAPPED, Buffer.from(ip.split('.').map(Number))]) : bytesOf(ip);
  return { address: masked(address, family === 4 ? 96 + bits : bits), bits: family === 4 ? 96 + bits : bits, port };
}

function bytesOf(ip: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(ip);
  const hex = (a = '0', b = '0'): string => ((Number(a) << 8) | Number(b)).toString(16);
  const whole = dotted === null ? ip : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [before = '', after] = whole.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = (after ?? '').split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...head, ...zeros, ...tail].entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * index);
  return bytes;
}

/** An address without the bits that do not count. */
function masked(address: Buffer, bits: number): Buffer {
  return Buffer.from(address.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * index)))));
}
