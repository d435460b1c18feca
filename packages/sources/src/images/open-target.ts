import { type FileHandle, lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Image, Unknown } from '@breakwater/model';
import type { ReadRequest } from './child/read-target.ts';

/** A target opened for a child: what it is told, and the descriptors or the stream that it gets. */
export interface OpenedTarget {
  opened: ReadRequest['opened'];
  files: (number | Readable)[];
  /** What could not be opened. */
  unknowns: Unknown[];
  /** Digests that name the image beside those of the manifests that were read: of indexes that led to it. */
  indexes?: string[];
  /** What is known of the image from elsewhere than its content, which it replaces. */
  about?: Pick<Image, 'id' | 'container'> & Pick<Partial<Image>, 'config'>;
  close(): Promise<void>;
}

/** Blobs of one layout folder: each takes a descriptor. */
const MOST_BLOBS = 4096;
const FIRST_BYTES = 16;

/**
 * Opens an archive, an OCI layout folder or a root filesystem folder, of which programs come whole where `hasPrograms`.
 * Rejects where there is none that can be read.
 */
export async function openTarget(target: string, hasPrograms = false): Promise<OpenedTarget> {
  const found = await stat(target);
  if (!found.isDirectory()) return openArchive(target);
  if (await isLayout(target)) return openLayout(target);
  return openFolder(target, hasPrograms);
}

/** Whether a folder is an OCI layout. */
export async function isLayout(folder: string): Promise<boolean> {
  const files = await Promise.all(
    ['index.json', 'oci-layout', 'blobs'].map((name) => lstat(join(folder, name)).catch(() => undefined)),
  );
  return files[0] !== undefined && (files[1] !== undefined || files[2]?.isDirectory() === true);
}

async function openArchive(target: string): Promise<OpenedTarget> {
  const handle = await open(target, 'r');
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
  const first = buffer.subarray(0, bytesRead).toString('base64');
  return { opened: { kind: 'archive', size, first }, files: [handle.fd], unknowns: [], close: () => handle.close() };
}

async function openLayout(folder: string): Promise<OpenedTarget> {
  const root = await realpath(folder);
  const unknowns: Unknown[] = [];
  const handles: FileHandle[] = [];
  const files: { name: string; size: number }[] = [];
  for (const name of ['index.json', 'manifest.json', ...(await blobNames(folder))]) {
    if (handles.length === MOST_BLOBS) {
      const message = `The layout holds more than ${MOST_BLOBS} blobs: the rest was not opened`;
      unknowns.push({ code: 'layout-too-large', message, place: { source: folder } });
      break;
    }
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path === undefined) continue;
    const handle = path.startsWith(root + sep) ? await openFile(path) : undefined;
    if (handle === undefined) {
      const message = 'A blob is no file inside the layout that can be read: it was not opened';
      unknowns.push({ code: 'blob-refused', message, place: { source: folder, path: name } });
    } else {
      handles.push(handle);
      files.push({ name, size: (await handle.stat()).size });
    }
  }
  const close = async (): Promise<void> => void (await Promise.all(handles.map((handle) => handle.close())));
  return { opened: { kind: 'layout', files }, files: handles.map(({ fd }) => fd), unknowns, close };
}

async function blobNames(folder: string): Promise<string[]> {
  const algorithms = await readdir(join(folder, 'blobs')).catch(() => []);
  const names = await Promise.all(
    algorithms.map(async (algorithm) => {
      const blobs = await readdir(join(folder, 'blobs', algorithm)).catch(() => []);
      return blobs.map((blob) => `blobs/${algorithm}/${blob}`);
    }),
  );
  return names.flat();
}

/** A plain file, opened without waiting: a fifo or a device is none. */
async function openFile(path: string): Promise<FileHandle | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? open(path, 'r').catch(() => undefined) : undefined;
}

async function openFolder(folder: string, hasPrograms: boolean): Promise<OpenedTarget> {
  const unknowns: Unknown[] = [];
  const { packFolder } = await import('./pack-folder.ts');
  const stream = Readable.from(
    packFolder(folder, (unknown) => unknowns.push(unknown), { hasPrograms }),
    { objectMode: false },
  );
  return { opened: { kind: 'packed-folder' }, files: [stream], unknowns, close: async () => void stream.destroy() };
}
