import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { type Line, LONGEST_LINE, readLines } from './read-lines.ts';
import { readZip } from './read-zip.ts';
import type { RecordPlace, SourceIntake } from './source-intake.ts';

const CHUNK = 1024 * 1024;
const MOST_UNPACKED = 16 * 1024 * 1024 * 1024;
const RECORDS_A_TURN = 2000;

/** How a reader tells how far it is, and learns that it should stop. */
export interface ReadControl {
  /** Called now and then; throws to stop. Gives others a turn of the event loop. */
  pause(): Promise<void>;
}

/**
 * Reads one file into the index. What it is shows in its content, never in its name alone: zip and gzip by their magic
 * numbers, EPSS by its header, JSON Lines by a first line that is JSON itself.
 */
export async function readSource(path: string, intake: SourceIntake, control: ReadControl): Promise<void> {
  const magic = await readMagic(path);
  if (magic.startsWith('504b')) return readArchive(path, intake, control);
  const bytes = magic.startsWith('1f8b') ? () => gunzip(path) : () => createReadStream(path, { highWaterMark: CHUNK });
  try {
    await readText(bytes, path, intake, control);
  } catch (error) {
    if (!isBrokenStream(error)) throw error;
    intake.reject(`and all after it cannot be unpacked (${(error as Error).message})`, {});
  }
}

async function readMagic(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('hex');
  } finally {
    await file.close();
  }
}

async function readArchive(path: string, intake: SourceIntake, control: ReadControl): Promise<void> {
  let count = 0;
  for await (const { name, content, problem } of readZip(path)) {
    const place = name === '' ? {} : { path: name };
    if (content === undefined) intake.reject(`cannot be read: ${problem ?? ''}`, place);
    else takeText(content.toString('utf8'), place, intake);
    if (++count % RECORDS_A_TURN === 0) await control.pause();
  }
}

async function readText(
  bytes: () => AsyncIterable<Buffer>,
  path: string,
  intake: SourceIntake,
  control: ReadControl,
): Promise<void> {
  const first = await firstLine(bytes());
  if (first === undefined) return;
  if (isEpssHeader(first.text)) return readEpss(readLines(bytes()), intake, control);
  const inLines = parseJson(first.text) !== undefined || /\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(path);
  if (!inLines) return readDocument(bytes(), intake);
  for await (const line of readLines(bytes())) {
    const place = { line: line.number };
    if (line.text === undefined) intake.reject('is longer than 32 MiB', place);
    else takeText(line.text, place, intake);
    if (line.number % RECORDS_A_TURN === 0) await control.pause();
  }
}

async function firstLine(bytes: AsyncIterable<Buffer>): Promise<Line | undefined> {
  for await (const line of readLines(bytes)) return line;
  return undefined;
}

async function readDocument(bytes: AsyncIterable<Buffer>, intake: SourceIntake): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > 2 * LONGEST_LINE) return intake.reject('is a JSON document of more than 64 MiB', {});
    chunks.push(chunk);
  }
  takeText(
    Buffer.concat(chunks)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
    {},
    intake,
  );
}

function takeText(text: string, place: RecordPlace, intake: SourceIntake): void {
  const value = parseJson(text);
  if (value === undefined) intake.reject('is no valid JSON', place);
  else intake.takeJson(value, place);
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEpssHeader(text: string | undefined): boolean {
  return text !== undefined && /^(?:#\s*model_version:|cve,epss,percentile)/.test(text);
}

async function readEpss(lines: AsyncIterable<Line>, intake: SourceIntake, control: ReadControl): Promise<void> {
  for await (const { number, text = '' } of lines) {
    const date = /^#.*score_date:([0-9T:.+Z-]+)/.exec(text)?.[1];
    if (date !== undefined) intake.dateEpss(date);
    if (!text.startsWith('#') && !text.startsWith('cve,')) intake.takeEpssLine(text, { line: number });
    if (number % (10 * RECORDS_A_TURN) === 0) await control.pause();
  }
}

async function* gunzip(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const unpacked = createGunzip({ chunkSize: CHUNK });
  file.on('error', (error) => unpacked.destroy(error));
  file.pipe(unpacked);
  let total = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > MOST_UNPACKED) throw Object.assign(new Error('more than 16 GiB'), { code: 'Z_TOO_LARGE' });
      yield chunk;
    }
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}

/** Errors of zlib begin with `Z_`: the file is damaged. Any other error is the machine's. */
function isBrokenStream(error: unknown): boolean {
  return String((error as { code?: string }).code ?? '').startsWith('Z_');
}
