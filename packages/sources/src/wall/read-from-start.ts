import { fstatSync, readSync } from 'node:fs';

/** All of an open file, wherever an earlier child that was not granted its walls has left off reading it. */
export function readFromStart(file: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(file).size);
  let at = 0;
  while (at < bytes.length) {
    const length = readSync(file, bytes, at, bytes.length - at, at);
    if (length === 0) break;
    at += length;
  }
  return bytes.subarray(0, at);
}
