import type { GuardName } from '@breakwater/model';
import { GUARD_BITS } from './guard-bits.ts';
import type { Permit } from './permit.ts';

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

/** What a container is kept from, and how far each guard goes; those that are not named do nothing. */
export interface Guard extends Readonly<Partial<Record<GuardName, GuardStep>>> {
  /** For `connections`: where they may go. */
  allowed?: readonly AllowedPeers[];
  /** For all others: what is let. */
  permits?: readonly Permit[];
}

const NAMES = Object.keys(GUARD_BITS) as GuardName[];

/** The bits of what is stopped and of what is only told, as the kernel's programs read them. */
export function guardBits(guard: Guard): { blocks: number; audits: number } {
  const bitsOf = (step: GuardStep): number =>
    NAMES.reduce((bits, name) => (guard[name] === step ? bits | GUARD_BITS[name] : bits), 0);
  return { blocks: bitsOf('block'), audits: bitsOf('audit') };
}

/** What a number of the kernel's programs says of an event: `enum prevention`, below the guards that it is about. */
export interface Decision {
  prevention: 'audited' | 'stopped' | 'killed';
  guards: GuardName[];
}

const PREVENTIONS = [undefined, 'audited', 'stopped', 'killed'] as const;

/** Undefined where nothing was decided. */
export function decisionOf(number: number): Decision | undefined {
  const prevention = PREVENTIONS[number & 0xff];
  return prevention && { prevention, guards: NAMES.filter((name) => ((number >>> 8) & GUARD_BITS[name]) !== 0) };
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
