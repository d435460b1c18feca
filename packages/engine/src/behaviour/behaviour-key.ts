import type { Behaviour } from '@breakwater/model';
import { sipHash } from './sip-hash.ts';

const encoder = new TextEncoder();
/** Public, as the keys are stored: whoever changes what makes a behaviour raises the digit. */
const KEY = encoder.encode('breakwater key 1');
/** What is hashed; longer where a behaviour is longer. */
let room = new Uint8Array(4096);

/**
 * Everything that makes a behaviour this one, in the order in which the kernel's C hashes it (bpf/behaviour-key.h).
 * A field that is absent is empty: none may be empty and mean something else.
 */
function fieldsOf({ dimension, parent, actor, access, object, inImage, applet }: Behaviour): string[] {
  const image = inImage === undefined ? '' : inImage ? 'image' : 'foreign';
  return [dimension, parent, actor, access ?? '', object, image, applet ?? ''];
}

/**
 * A behaviour as one text, equal for equal behaviours only: each field comes after its length, so that no name, whatever
 * is in it, reads as the border between two. For sets and indexes where the whole text may be kept.
 */
export function behaviourText(behaviour: Behaviour): string {
  const { dimension, parent, actor, access = '', object, inImage, applet = '' } = behaviour;
  const image = inImage === undefined ? '' : inImage ? 'image' : 'foreign';
  return (
    `${dimension.length}:${dimension}${parent.length}:${parent}${actor.length}:${actor}${access.length}:${access}` +
    `${object.length}:${object}${image.length}:${image}${applet.length}:${applet}`
  );
}

/**
 * The key under which a behaviour is stored and looked up, 16 hexadecimal digits, the same that the kernel computes
 * (golden vectors: golden-keys.json). It is SipHash-2-4 of, for each field, the length of its UTF-8 as a word of 64 bits
 * and its bytes, filled up with zeros to whole words: the kernel reads words, and no two behaviours give the same bytes.
 * Names come from strangers, and by a weaker hash they could make theirs equal to one that is known.
 */
export function behaviourKey(behaviour: Behaviour): string {
  let end = 0;
  for (const field of fieldsOf(behaviour)) end = writeField(field, end);
  return sipHash(KEY, room, end);
}

/** Writes a field's length and content where the one before ended; where the next begins. */
function writeField(text: string, start: number): number {
  const most = start + 3 * text.length + 24;
  if (room.length < most) room = grown(room, 2 * most);
  let length = 0;
  for (; length < text.length; length++) {
    const code = text.charCodeAt(length);
    if (code >= 0x80) break;
    room[start + 8 + length] = code;
  }
  if (length < text.length) length = encoder.encodeInto(text, room.subarray(start + 8)).written;
  for (let byte = 0; byte < 8; byte++) room[start + byte] = byte < 4 ? (length >>> (8 * byte)) & 0xff : 0;
  const end = start + 8 + ((length + 7) & ~7);
  room.fill(0, start + 8 + length, end);
  return end;
}

function grown(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(size);
  more.set(bytes);
  return more;
}
