import { sipHash } from '../../behaviour/index.ts';

const KEY = new TextEncoder().encode('breakwater issue');

/** A label of 16 hexadecimal digits, equal for equal values: to see that something changed, not to prove that nothing did. */
export function versionOf(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const room = new Uint8Array(bytes.length + 16);
  room.set(bytes);
  return sipHash(KEY, room, bytes.length);
}
