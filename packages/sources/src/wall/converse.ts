import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { FIRST_FILE, type Message, RESULT, type Request } from './protocol.ts';
import type { StrippedModules } from './stripped-modules.ts';
import type { WallOptions, WallSchemas, WallTask } from './task.ts';

/** How a child ended. */
export type Ending<Result> =
  | { kind: 'value'; value: Result }
  | { kind: 'timeout' }
  | { kind: 'failed'; why: string }
  | { kind: 'invalid'; why: string }
  | { kind: 'ended'; errors: string };

export interface Conversation<Result> {
  /** False where the launcher refused before any of our code ran. */
  started: boolean;
  ending: Ending<Result>;
}

const ERRORS_KEPT = 4096;
/** A message longer than this is a parser gone wild: it is cut off before it fills our memory. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** Hands the task to a launched child, its streams once it says that it is ready, and listens until it is gone. */
export async function converse<Result, Item>(
  child: ChildProcess,
  task: WallTask<Result, Item>,
  input: unknown,
  options: WallOptions<Item> & { timeout: number; stripped: StrippedModules },
): Promise<Conversation<Result>> {
  let started = false;
  let ending: Ending<Result> | undefined;
  const settle = (value: Ending<Result>): void => {
    ending ??= value;
    child.kill('SIGKILL');
  };
  const refuse = (why: string): void => settle({ kind: 'invalid', why });
  const receive = (line: string, { result, item }: WallSchemas<Result, Item>): void => {
    const message = JSON.parse(line) as Message;
    if (message.kind === 'ready') {
      started = true;
      pumpFiles(child, options.files ?? []);
    } else if (message.kind === 'failed') settle({ kind: 'failed', why: message.message });
    else if (message.kind === 'item') accept(item, message.item, (value) => options.onItem?.(value), refuse);
    else accept(result, message.value, (value) => settle({ kind: 'value', value }), refuse);
  };

  const timer = setTimeout(() => settle({ kind: 'timeout' }), options.timeout);
  const abort = (): void => settle({ kind: 'ended', errors: 'aborted' });
  options.signal?.addEventListener('abort', abort, { once: true });
  const errors = tailOf(child.stderr!);
  const gone = closed(child);
  child.stdin!.on('error', ignoreDeadChild).end(JSON.stringify(requestOf(task, input, options)));
  try {
    const schemas = await task.schemas();
    const lines = receiveLines(child.stdio[RESULT] as Readable, (line) => receive(line, schemas), refuse);
    await Promise.all([gone, lines]);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
  }
  return { started, ending: ending ?? { kind: 'ended', errors: errors() } };
}

function accept<Value>(
  schema: z.ZodType<Value> | undefined,
  foreign: unknown,
  use: (value: Value) => void,
  refuse: (why: string) => void,
): void {
  const parsed = schema?.safeParse(foreign);
  if (parsed?.success) {
    use(parsed.data);
    return;
  }
  const issue = parsed?.error.issues[0];
  refuse(issue === undefined ? 'nothing of this kind was expected' : `${issue.path.join('.')}: ${issue.message}`);
}

function requestOf(
  task: { module: string; function: string },
  input: unknown,
  { files = [], stripped }: { files?: unknown[]; stripped: StrippedModules },
): Request {
  const descriptors = files.map((_, index) => FIRST_FILE + index);
  return { module: task.module, function: task.function, input, files: descriptors, ...stripped };
}

function pumpFiles(child: ChildProcess, files: (number | Readable)[]): void {
  files.forEach((file, index) => {
    if (typeof file === 'number') return;
    const pipe = child.stdio[FIRST_FILE + index] as Writable;
    pipe.on('error', () => file.destroy());
    file.on('error', () => pipe.destroy()).pipe(pipe);
  });
}

/** Writing to a child that died is no error of ours: how it ended is reported. */
function ignoreDeadChild(): void {}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
}

function tailOf(stream: Readable): () => string {
  let kept = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-ERRORS_KEPT);
  });
  return () => kept;
}

/** Calls `receive` for each line. A line that is no JSON, or without end, is told to `refuse`. */
async function receiveLines(
  stream: Readable,
  receive: (line: string) => void,
  refuse: (why: string) => void,
): Promise<void> {
  let parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        if (parts.length === 0) receive(chunk.toString('utf8', start, end));
        else {
          parts.push(chunk.subarray(start, end));
          receive(Buffer.concat(parts).toString('utf8'));
          parts = [];
          length = 0;
        }
        start = end + 1;
      }
      if (start < chunk.length) parts.push(chunk.subarray(start));
      length += chunk.length - start;
      if (length > MESSAGE_LIMIT) return refuse(`a message of more than ${MESSAGE_LIMIT} bytes`);
    }
  } catch (cause) {
    refuse(cause instanceof Error ? cause.message : String(cause));
  }
}
