import { readSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Message, Request } from './protocol.ts';

// Runs as a file, or as text given to `node -e`: it imports nothing of ours at run time.

/** Descriptor for messages: the last argument. */
const result = Number(process.argv.at(-1));

/** The far side of the wall: reads one request from standard input, runs the task, writes messages, ends. */
async function serve(): Promise<void> {
  send({ kind: 'ready' });
  const { module, function: name, input, files, modules, names } = JSON.parse(readInput()) as Request;
  registerHooks({
    // What is known needs no look at the disk: that takes longer than to compile it.
    resolve: (specifier, context, next) => {
      const relative = specifier.startsWith('.') && context.parentURL !== undefined;
      const url = relative ? new URL(specifier, context.parentURL).href : names[specifier];
      const known = url !== undefined && Object.hasOwn(modules, url);
      return known ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
    },
    load: (url, context, next) => {
      const source = Object.hasOwn(modules, url) ? modules[url] : undefined;
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
  const exports = (await import(module)) as Record<string, unknown>;
  const task = exports[name];
  if (typeof task !== 'function') throw new Error(`${module} exports no function ${name}`);
  const value: unknown = await task(input, {
    files,
    emit: (item: unknown) => send({ kind: 'item', item }),
    emitLater: (item: unknown) => sendLater({ kind: 'item', item }),
    flush,
  });
  send({ kind: 'result', value });
}

function readInput(): string {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const length = readSync(0, chunk);
    if (length === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(chunk.subarray(0, length));
  }
}

/** Characters that are sent together: what a pipe holds. */
const TOGETHER = 60_000;
let waiting: string[] = [];
let size = 0;

function send(message: Message): void {
  sendLater(message);
  flush();
}

function sendLater(message: Message): void {
  const line = JSON.stringify(message);
  if (size + line.length > TOGETHER) flush();
  waiting.push(line);
  size += line.length;
}

function flush(): void {
  if (waiting.length === 0) return;
  waiting.push('');
  const bytes = Buffer.from(waiting.join('\n'));
  waiting = [];
  size = 0;
  for (let at = 0; at < bytes.length; ) at += writeSync(result, bytes, at);
}

try {
  await serve();
} catch (cause) {
  send({ kind: 'failed', message: cause instanceof Error ? cause.message : String(cause) });
}
process.exit(0);
