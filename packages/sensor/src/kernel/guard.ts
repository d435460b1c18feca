/** How far a guard goes: it tells, or it stops. */
export type GuardStep = 'audit' | 'block';

/** Addresses that a container may connect to. */
export interface AllowedPeers {
  /** 16 bytes; IPv4 as IPv6 writes it (`::ffff:a.b.c.d`). */
  address: Buffer;
  /** Of the 128 bits, those that count. */
  bits: number;
  /** 0: at any port. */
  port: number;
}

/** What a container is kept from. */
export interface Guard {
  /** Programs that are not in its image: they die before their first instruction. */
  programs?: GuardStep;
  /** Connections and datagrams to where none of `allowed` lies: they fail before their first packet. */
  connections?: GuardStep;
  allowed?: readonly AllowedPeers[];
}

/** `enum guard` of bpf/maps.h. */
const FOREIGN_PROGRAMS = 1;
const UNKNOWN_CONNECTIONS = 2;

/** The bits of what is stopped and of what is only told, as the kernel's programs read them. */
export function guardBits({ programs, connections }: Guard): { blocks: number; audits: number } {
  const bitsOf = (step: GuardStep): number =>
    (programs === step ? FOREIGN_PROGRAMS : 0) | (connections === step ? UNKNOWN_CONNECTIONS : 0);
  return { blocks: bitsOf('block'), audits: bitsOf('audit') };
}

/** The key of `peers`: bits that count, port, container, address. */
export function peerKey({ address, bits, port }: AllowedPeers, container: number): Buffer {
  const key = Buffer.alloc(32);
  key.writeUInt32LE(96 + bits, 0);
  key.writeUInt32LE(port, 4);
  key.writeBigUInt64LE(BigInt(container), 8);
  address.copy(key, 16, 0, 16);
  return key;
}
