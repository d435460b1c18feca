import { sipHash } from '@breakwater/engine/behaviour';
import type { GuardName } from '@breakwater/model';
import { GUARD_BITS } from './guard-bits.ts';

/** Something that a guard lets a container do. */
export interface Permit {
  guard: GuardName;
  /** Path of the program that acts; for `starts` that of the parent. Absent: whoever acts, and for `starts` the runtime. */
  actor?: string;
  /** Path of the file, as the container sees it: program, credential or socket. */
  object?: string;
  /** For `sockets`: the path as programs write it, which is all that kernels without BPF-LSM tell. */
  isText?: boolean;
}

/** Ends a path in what is hashed (bpf/permits.h). */
const PATH_END = 0xffff_ffff_ffff_ffffn;
const WORD = 8;

/**
 * The key of `permits`: the container, and the same digest that the kernel's programs make of the path that they walk, from
 * its last name to its first. `secret` has 16 bytes.
 */
export function permitKey({ guard, actor, object, isText }: Permit, container: number, secret: Uint8Array): Buffer {
  const words = [
    wordOf(BigInt(GUARD_BITS[guard])),
    ...pathWords(actor),
    ...(isText === true ? nameWords(object ?? '') : pathWords(object)),
  ];
  const bytes = Buffer.concat([...words, Buffer.alloc(WORD)]);
  const key = Buffer.alloc(2 * WORD);
  key.writeBigUInt64LE(BigInt(container), 0);
  key.writeBigUInt64LE(BigInt(`0x${sipHash(secret, bytes, bytes.length - WORD)}`), WORD);
  return key;
}

function pathWords(path: string | undefined): Buffer[] {
  const names = (path ?? '').split('/').filter((name) => name !== '');
  return [...names.reverse().flatMap(nameWords), wordOf(PATH_END)];
}

/** Its length in bytes, then the bytes, with zeros up to a whole word. */
function nameWords(name: string): Buffer[] {
  const bytes = Buffer.from(name, 'utf8');
  return [wordOf(BigInt(bytes.length)), bytes, Buffer.alloc((WORD - (bytes.length % WORD)) % WORD)];
}

function wordOf(value: bigint): Buffer {
  const word = Buffer.alloc(WORD);
  word.writeBigUInt64LE(value);
  return word;
}
