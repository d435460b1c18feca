import { createHash } from 'node:crypto';
import type { Fault } from './fault.ts';
import { type Budget, type Entry, isLink, LayerContents } from './layer-contents.ts';
import type { LayerRead } from './layer-reader.ts';

const MAGIC = Buffer.from('breakwater layer 1\n');
const CHECKSUM = 32;
const HEADER = MAGIC.length + CHECKSUM + 4;

/** Where bytes lie behind the header. */
type Span = [offset: number, length: number];

/** The first part of a kept layer, as JSON. */
interface Head {
  digest: string;
  diffId: string;
  storedSize: number;
  size: number;
  compression: LayerRead['compression'];
  files: string[];
  folders: string[];
  devices: string[];
  links: [path: string, target: string, hard: 0 | 1][];
  kept: [path: string, ...Span][];
  distilled: [path: string, ecosystem: string, ...Span][];
  whiteouts: string[];
  opaque: string[];
  wantedLinks: string[];
}

/** What was read of a layer as bytes that can be kept: a mark, a checksum over the rest, a head, and contents. */
export function packLayer(read: LayerRead): Buffer {
  const { contents } = read;
  const parts: Buffer[] = [];
  const spans = new Map<Buffer, Span>();
  let end = 0;
  const place = (bytes: Buffer): Span => {
    const known = spans.get(bytes);
    if (known !== undefined) return known;
    const span: Span = [end, bytes.length];
    spans.set(bytes, span);
    parts.push(bytes);
    end += bytes.length;
    return span;
  };
  const { digest, diffId, storedSize, size, compression } = read;
  const lists = { files: [] as string[], folders: [] as string[], devices: [] as string[] };
  const head: Head = {
    ...{ digest, diffId, storedSize, size, compression, ...lists },
    links: [],
    kept: [],
    distilled: [...contents.distilled].flatMap(([path, facts]) =>
      facts.map(({ ecosystem, bytes }): Head['distilled'][number] => [path, ecosystem, ...place(bytes)]),
    ),
    whiteouts: [...contents.whiteouts],
    opaque: [...contents.opaque],
    wantedLinks: contents.wantedLinks,
  };
  for (const [path, entry] of contents.entries) {
    if (Buffer.isBuffer(entry)) head.kept.push([path, ...place(entry)]);
    else if (isLink(entry)) head.links.push([path, entry.target, entry.hard ? 1 : 0]);
    else head[`${entry}s`].push(path);
  }
  return seal(head, parts);
}

/** A value as JSON and bytes that it tells of, with a mark and a checksum over both. */
export function seal(head: unknown, parts: readonly Buffer[]): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const checksum = createHash('sha256').update(length).update(json);
  for (const part of parts) checksum.update(part);
  return Buffer.concat([MAGIC, checksum.digest(), length, json, ...parts]);
}

/** What was sealed: the JSON, and the bytes behind it; undefined where they are not whole. */
export function unseal(bytes: Buffer): { json: Buffer; rest: Buffer } | undefined {
  if (!isLayerFile(bytes)) return undefined;
  const start = MAGIC.length + CHECKSUM + 4;
  const end = start + bytes.readUInt32LE(start - 4);
  return end > bytes.length ? undefined : { json: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

/** Whether bytes are whole as they were sealed: cut, old or changed ones are not. */
export function isLayerFile(bytes: Buffer): boolean {
  if (bytes.length < HEADER || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return false;
  const start = MAGIC.length + CHECKSUM;
  const checksum = createHash('sha256').update(bytes.subarray(start)).digest();
  return checksum.equals(bytes.subarray(MAGIC.length, start));
}

/**
 * A kept layer as if it had been read now; contents stay where they lie in the bytes. Undefined where the bytes are no
 * whole kept layer, or its contents are more than may still be kept: then the layer is read.
 */
export function unpackLayer(bytes: Buffer, budget: Budget): LayerRead | undefined {
  const { json, rest } = unseal(bytes) ?? {};
  const head = json === undefined || rest === undefined ? undefined : parseHead(json, rest.length);
  if (head === undefined || rest === undefined || rest.length > budget.left) return undefined;
  budget.left -= rest.length;
  const spans = new Map<number, Buffer>();
  const at = (offset: number, length: number): Buffer => {
    const key = offset * 2 + (length === 0 ? 1 : 0);
    const known = spans.get(key) ?? rest.subarray(offset, offset + length);
    spans.set(key, known);
    return known;
  };
  const contents = new LayerContents(() => false, { left: 0 });
  const put = (paths: string[], entry: Entry): void => {
    for (const path of paths) contents.entries.set(path, entry);
  };
  put(head.folders, 'folder');
  put(head.files, 'file');
  put(head.devices, 'device');
  for (const [path, target, hard] of head.links) contents.entries.set(path, { hard: hard === 1, target });
  for (const [path, offset, length] of head.kept) contents.keepContent(path, at(offset, length));
  for (const [path, ecosystem, offset, length] of head.distilled) {
    const facts = contents.distilled.get(path) ?? [];
    contents.distilled.set(path, [...facts, { ecosystem, bytes: at(offset, length) }]);
  }
  for (const path of head.whiteouts) contents.whiteouts.add(path);
  for (const path of head.opaque) contents.opaque.add(path);
  contents.wantedLinks.push(...head.wantedLinks);
  const { digest, diffId, storedSize, size, compression } = head;
  const faults: Fault[] = [];
  return { contents, digest, diffId, storedSize, size, compression, faults };
}

function parseHead(json: Buffer, room: number): Head | undefined {
  let head: Partial<Record<keyof Head, unknown>>;
  try {
    head = JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
  const isSpan = (offset: unknown, length: unknown): boolean =>
    isSize(offset) && isSize(length) && offset + length <= room;
  const whole =
    typeof head === 'object' &&
    head !== null &&
    [head.digest, head.diffId].every((item) => typeof item === 'string') &&
    [head.storedSize, head.size].every(isSize) &&
    ['gzip', 'zstd', 'none'].includes(head.compression as string) &&
    [head.files, head.folders, head.devices, head.whiteouts, head.opaque, head.wantedLinks].every((list) =>
      isList(list, (item) => typeof item === 'string'),
    ) &&
    isRows(head.links, ([path, target, hard]) => areTexts(path, target) && (hard === 0 || hard === 1)) &&
    isRows(head.kept, ([path, offset, length]) => areTexts(path) && isSpan(offset, length)) &&
    isRows(head.distilled, ([path, ecosystem, offset, length]) => areTexts(path, ecosystem) && isSpan(offset, length));
  return whole ? (head as Head) : undefined;
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isRows(value: unknown, isRow: (row: unknown[]) => boolean): boolean {
  return isList(value, (item) => Array.isArray(item) && isRow(item));
}

function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
