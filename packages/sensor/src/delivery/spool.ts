import { constants, type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import { readDropped, writeDropped } from './dropped.ts';
import { lockSpool, unlockSpool } from './lock.ts';
import { HEADER, packRecord, type SpoolRecord } from './record.ts';
import { firstOf, readRecord, type Segment, segmentName, surveySegment } from './segment.ts';
import { nameOf, segmentsIn, syncFolder } from './spool-folder.ts';

export interface SpoolOptions {
  folder: string;
  /** Bytes of all files together; beyond it the oldest is dropped. */
  mostBytes: number;
}

/** Files that one spool has at most: so much is dropped at once. */
const SEGMENTS = 16;
const SMALLEST_SEGMENT = 64 * 1024;

/**
 * Batches on disk until somebody has them. Files are only ever appended to, and each batch is on the disk (fdatasync) when
 * `append` resolves: what was taken survives the process and the machine. One process at a time.
 */
export class Spool {
  /** Name under which batches are counted; a new one where nothing is left of those before. */
  readonly sensor: string;
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #segmentBytes: number;
  readonly #segments: Segment[];
  #writing: FileHandle | undefined;
  #reading: FileHandle | undefined;
  /** Place of the oldest batch that nobody has yet, in the first segment. */
  #at = 0;
  #given: SpoolRecord | undefined;
  #done = 0;
  #dropped = 0;
  /** Of those that were dropped: not told yet as far as the disk knows, and asked for but not yet said to be told. */
  #untold = 0;
  #asked = 0;
  /** What is done to files is done one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    { folder, mostBytes }: SpoolOptions,
    sensor: string,
    segments: Segment[],
    { lost, untold }: { lost: number; untold: number },
  ) {
    this.sensor = sensor;
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#segmentBytes = Math.max(SMALLEST_SEGMENT, Math.floor(mostBytes / SEGMENTS));
    this.#segments = segments;
    this.#dropped = lost + untold;
    this.#untold = untold;
  }

  /** Opens a folder, and takes up what is in it. @throws {UserError} where it cannot be had */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder } = options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await lockSpool(folder);
      const dropped = await readDropped(folder);
      const names = await segmentsIn(folder, dropped.first);
      const segments: Segment[] = [];
      let lost = 0;
      for (const [index, name] of names.entries()) {
        const path = join(folder, name);
        const isLast = index === names.length - 1;
        const found = await surveySegment(path, firstOf(name) ?? 0, isLast);
        const after = firstOf(names[index + 1] ?? '');
        // Batches that a file before the last one should hold and does not: how many events they had is not known.
        if (after !== undefined && found.next < after) lost += after - found.next;
        if (found.bytes > 0 || isLast) segments.push(found);
        else await rm(path, { force: true });
        if (found.hidden === undefined) continue;
        // Numbers behind something broken may be stored at the server already: they are not given again.
        const { next, events } = found.hidden;
        segments.push({ path: join(folder, segmentName(next)), first: next, next, bytes: 0, events: 0 });
        lost += events;
      }
      const sensor = await nameOf(folder, segments.length > 0);
      return new Spool(options, sensor, segments, { lost, untold: dropped.events });
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw new UserError(`The spool ${folder} cannot be used: ${(cause as Error).message}.`, {
        code: 'spool-unusable',
        hint: 'Give the sensor a folder of its own that it may write to: --spool FOLDER',
        cause,
      });
    }
  }

  /** Adds a batch and gives its number. Where the disk takes none, what was there stays whole, and the error is thrown. */
  append(payload: Buffer, events: number): Promise<number> {
    return this.#inTurn(() => this.#append(payload, events));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #append(payload: Buffer, events: number): Promise<number> {
    const segment = await this.#segmentToWrite();
    const bytes = packRecord({ sequence: segment.next, events, payload });
    const file = this.#writing as FileHandle;
    try {
      for (let written = 0; written < bytes.length; ) {
        written += (await file.write(bytes, written, bytes.length - written, segment.bytes + written)).bytesWritten;
      }
      await file.datasync();
    } catch (error) {
      await file.truncate(segment.bytes).catch(() => {});
      if (!(await this.#giveBackSent())) throw error;
      return await this.#append(payload, events);
    }
    segment.bytes += bytes.length;
    segment.events += events;
    segment.next += 1;
    await this.#dropOldest();
    return segment.next - 1;
  }

  /** Gives the room of batches back that somebody has; says whether there were any. */
  async #giveBackSent(): Promise<boolean> {
    const [segment] = this.#segments;
    if (segment === undefined || this.#at === 0 || this.#at < segment.bytes) return false;
    if (this.#segments.length === 1) await this.#begin(segment.next);
    await this.#leave(segment);
    return true;
  }

  async #segmentToWrite(): Promise<Segment> {
    const last = this.#segments.at(-1);
    // What somebody has is not kept for long, lest it be sent again after a restart.
    const isSent = this.#segments.length === 1 && this.#at >= (last?.bytes ?? 0);
    if (last !== undefined && last.bytes < (isSent ? SMALLEST_SEGMENT : this.#segmentBytes)) {
      // Half a record of a sensor that was killed lies behind what is whole.
      this.#writing ??= await openToWrite(last.path, last.bytes);
      return last;
    }
    return await this.#begin(last?.next ?? 1);
  }

  async #begin(first: number): Promise<Segment> {
    const path = join(this.#folder, segmentName(first));
    const file = await openToWrite(path, 0);
    await syncFolder(this.#folder);
    await this.#writing?.close();
    this.#writing = file;
    const made = { path, first, next: first, bytes: 0, events: 0 };
    this.#segments.push(made);
    return made;
  }

  async #dropOldest(): Promise<void> {
    while (this.#segments.length > 1 && this.bytes > this.#mostBytes) {
      const [oldest] = this.#segments as [Segment];
      await this.#drop(oldest.events - this.#done, oldest.next);
      await this.#leave(oldest);
    }
  }

  /** Counts events that nobody will have; batches before `first` go with them. */
  async #drop(events: number, first: number): Promise<void> {
    this.#dropped += events;
    this.#untold += events;
    await writeDropped(this.#folder, { events: this.#untold, first });
  }

  async #leave(segment: Segment): Promise<void> {
    this.#segments.shift();
    await this.#reading?.close();
    this.#reading = undefined;
    this.#given = undefined;
    this.#at = 0;
    this.#done = 0;
    await rm(segment.path, { force: true });
  }

  /** The oldest batch that nobody has yet; undefined where there is none. */
  oldest(): Promise<SpoolRecord | undefined> {
    return this.#inTurn(() => this.#oldest());
  }

  async #oldest(): Promise<SpoolRecord | undefined> {
    for (;;) {
      const [segment] = this.#segments;
      if (segment === undefined) return undefined;
      if (this.#given !== undefined) return this.#given;
      if (this.#at < segment.bytes) {
        this.#reading ??= await open(segment.path, 'r');
        this.#given = await readRecord(this.#reading, this.#at, segment.bytes);
        if (this.#given !== undefined) return this.#given;
        // What is broken in the middle hides all that lies behind it.
        await this.#drop(segment.events - this.#done, segment.first);
        this.#done = segment.events;
        this.#at = segment.bytes;
      }
      if (this.#segments.length === 1) return undefined;
      await this.#leave(segment);
    }
  }

  /** Forgets a batch that was given: somebody has it, or it was given up. Another one is left as it is. */
  forget(record: SpoolRecord): Promise<void> {
    return this.#inTurn(() => this.#forget(record));
  }

  async #forget({ sequence, events, payload }: SpoolRecord): Promise<void> {
    if (this.#given?.sequence !== sequence) {
      // It was dropped while it was on its way, and arrived all the same.
      const first = this.#segments[0]?.first ?? 0;
      if (sequence < first) await this.#drop(-events, first);
      return;
    }
    const [segment] = this.#segments as [Segment];
    this.#given = undefined;
    this.#at += HEADER + payload.length;
    this.#done += events;
    if (this.#at >= segment.bytes && this.#segments.length > 1) await this.#leave(segment);
  }

  /** Number of the oldest batch that is still here, or of the next one. */
  get first(): number {
    return this.#given?.sequence ?? this.#segments[0]?.first ?? 1;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.events, 0) - this.#done;
  }

  /** Events that were dropped unsent since this was asked last; less than none where more had been said than were. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#asked += dropped;
    return dropped;
  }

  /** What was asked for is in a batch by now: who takes this spool over need not know of it. */
  async settleDropped(): Promise<void> {
    if (this.#asked === 0) return;
    await this.#inTurn(async () => {
      this.#untold = Math.max(0, this.#untold - this.#asked);
      this.#asked = 0;
      await writeDropped(this.#folder, { events: this.#untold, first: this.#segments[0]?.first ?? 0 });
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#writing?.close();
    await this.#reading?.close();
    await unlockSpool(this.#folder);
  }
}

/** Root writes here: a link that somebody put into the folder leads nowhere. */
const NO_LINK = constants.O_NOFOLLOW;

async function openToWrite(path: string, bytes: number): Promise<FileHandle> {
  const file = await open(
    path,
    NO_LINK | (bytes === 0 ? constants.O_CREAT | constants.O_WRONLY : constants.O_RDWR),
    0o600,
  );
  await file.truncate(bytes);
  return file;
}
