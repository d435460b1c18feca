import { fstatSync, readSync } from 'node:fs';
import type { ReportRead } from '@breakwater/model';
import type { WallContext } from '@breakwater/sources/wall';
import { decodeText } from '../ecosystems/read-text.ts';
import { parseReport } from './parse-report.ts';

/** The part of `readReport` that touches foreign data: runs in the child, which has the file open and nothing else. */
export async function readBehindWall(source: string, { files }: WallContext): Promise<ReportRead> {
  return await parseReport(decodeText(readFromStart(files[0]!)), source);
}

/** All of a file, wherever an earlier child that was not granted its walls has left off reading it. */
function readFromStart(file: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(file).size);
  let at = 0;
  while (at < bytes.length) {
    const length = readSync(file, bytes, at, bytes.length - at, at);
    if (length === 0) break;
    at += length;
  }
  return bytes.subarray(0, at);
}
