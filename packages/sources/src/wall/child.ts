import { readSync, writeSync } from 'node:fs';
import { FIRST_FILE, type Message, RESULT, type Request } from './protocol.ts';

/** The far side of the wall: reads one request from standard input, runs the task, writes messages, ends. */
async function serve(): Promise<void> {
  send({ kind: 'ready' });
  const request = JSON.parse(readInput()) as Request;
  const files = Array.from({ length: request.files }, (_, index) => FIRST_FILE + index);
  const exports = (await import(request.module)) as Record<string, unknown>;
  const task = exports[request.function];
  if (typeof task !== 'function') throw new Error(`${request.module} exports no function ${request.function}`);
  const value: unknown = await task(request.input, { files, emit: (item: unknown) => send({ kind: 'item', item }) });
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

function send(message: Message): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(RESULT, bytes, at);
}

try {
  await serve();
} catch (cause) {
  send({ kind: 'failed', message: cause instanceof Error ? cause.message : String(cause) });
}
process.exit(0);
