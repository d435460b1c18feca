import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSource } from '@breakwater/model';
import { isLayout } from './open-target.ts';
import { ENOUGH, sniffArchive } from './sniff.ts';

/** Any of these makes a folder a root file system. */
const ROOT_MARKS = [
  'etc/os-release',
  'usr/lib/os-release',
  'var/lib/dpkg/status',
  'var/lib/dpkg/status.d',
  'lib/apk/db/installed',
  'usr/lib/apk/db/installed',
];

/**
 * What kind of image a path holds, by its content: names prove nothing. Reads at most 64 KiB. Undefined where it is
 * none, or cannot be read.
 */
export async function detectImage(path: string): Promise<ImageSource | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    if (await isLayout(path)) return 'oci-layout';
    return isRootFolder(path) ? 'root-filesystem' : undefined;
  }
  if (!found?.isFile()) return undefined;
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.min(ENOUGH, found.size)),
      0,
      Math.min(ENOUGH, found.size),
      0,
    );
    return sniffArchive(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Whether a folder is the root of a file system with a distribution in it. */
export function isRootFolder(folder: string): boolean {
  return ROOT_MARKS.some((mark) => existsSync(join(folder, mark)));
}
