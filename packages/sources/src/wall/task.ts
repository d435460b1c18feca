import type { Readable } from 'node:stream';
import type { Place, Unknown } from '@breakwater/model';
import type { z } from 'zod';

/**
 * A parser of foreign input that runs behind the wall. `function` of `module` is called as
 * `(input, context: WallContext) => Result | Promise<Result>`; what comes back is JSON and is validated here again.
 * Keep what the module imports small: each run starts a process (about 50 ms).
 */
export interface WallTask<Result, Item = never> {
  /** URL of the module, for instance `new URL('./parse.ts', import.meta.url).href`. */
  module: string;
  /** Name of the exported function. */
  function: string;
  /** Shapes of what comes back. Asked for once the child is started: they are made while it works. */
  schemas(): Promise<WallSchemas<Result, Item>> | WallSchemas<Result, Item>;
}

export interface WallSchemas<Result, Item = never> {
  result: z.ZodType<Result>;
  /** Of what the task emits while it works, where it emits anything. */
  item?: z.ZodType<Item>;
}

/** What a task finds beside its input. */
export interface WallContext {
  /** File descriptors open for reading, in the order of `WallOptions.files`. */
  files: number[];
  /** Sends one value to the parent at once: progress, or a part of the result that shall outlive a crash. */
  emit(item: unknown): void;
  /** Sends one value with those that follow it: a crash takes along what was sent so since the last `emit` or `flush`. */
  emitLater(item: unknown): void;
  /** Sends what waits: before something that may not end well. */
  flush(): void;
}

export interface WallOptions<Item = never> {
  /** What is parsed: named in the unknown when the child fails. */
  place: Place;
  /** Descriptors that the parent opened, or streams that it pumps; the child opens no file by itself. */
  files?: (number | Readable)[];
  /** Whether the child may load libraries of the machine, until it gives that up itself: before it looks at contents. */
  addons?: boolean;
  /** Folders of ours that the child may read beside the program itself: what lies directly in them. */
  readable?: string[];
  /** Called for each emitted value, validated, in order. */
  onItem?: (item: Item) => void;
  /** Memory of the child above what Node itself takes, in MiB. Default 256. */
  memory?: number;
  /** Milliseconds after which the child is killed. Default 60,000. */
  timeout?: number;
  /** Aborting kills the child and rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Either the validated result, or why there is none. A failing parser is never an exception. */
export type WallOutcome<Result> = { ok: true; value: Result } | { ok: false; unknown: Unknown };
