const FAMILY = { unix: 1, inet: 2, inet6: 10 } as const;

/** Where a socket leads. */
export type SocketAddress = { address: string; port: number } | { path: string };

/** A `struct sockaddr` as the kernel has it in memory; undefined for families that name no end of a connection. */
export function socketAddressIn(bytes: Buffer): SocketAddress | undefined {
  if (bytes.length < 2) return undefined;
  // Families are below 256: the byte that is not zero tells the byte order of the machine.
  const family = bytes[0] === 0 ? bytes[1] : bytes[0];
  if (family === FAMILY.unix) return unixAddress(bytes.subarray(2));
  if (family === FAMILY.inet && bytes.length >= 8)
    return { address: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) };
  if (family === FAMILY.inet6 && bytes.length >= 24)
    return { address: longAddress(bytes.subarray(8, 24)), port: bytes.readUInt16BE(2) };
  return undefined;
}

/** Abstract names begin with a zero byte, and are written with `@`. */
function unixAddress(bytes: Buffer): SocketAddress | undefined {
  const isAbstract = bytes[0] === 0;
  const start = isAbstract ? 1 : 0;
  const end = bytes.indexOf(0, start);
  const name = bytes.toString('utf8', start, end < 0 ? bytes.length : end);
  return name === '' ? undefined : { path: isAbstract ? `@${name}` : name };
}

/** RFC 5952; an IPv4 address that is mapped is written as one. */
function longAddress(bytes: Buffer): string {
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  if (isMapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(':');
  return new URL(`http://[${groups}]/`).hostname.slice(1, -1);
}
