import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';

/** What a client is asked to send: at a rate, or as much as is answered where there is none. */
export interface Sending {
  port: number;
  ca: string;
  connections: number;
  /** Reviews, one after the other, in base64. */
  bodies: string[];
  rate?: number;
  seconds: number;
}

/** What came of it. */
export interface Sent {
  /** From when each review was due to when its answer was read, in milliseconds, ascending. */
  latencies: number[];
  answers: number;
  errors: number;
  seconds: number;
  /** By how much the client itself was late, in milliseconds: 99 of 100, and at most. */
  late: { p99: number; most: number };
}

/** Answers are told from one another by their length alone: a client is to take little of the processors it shares. */
class Connection {
  readonly #socket: TLSSocket;
  readonly #pieces: Buffer[] = [];
  #due = 0;
  #left = -1;
  #isJudged = false;
  readonly #done: (connection: Connection, due: number, isJudged: boolean) => void;

  constructor({ port, ca }: Sending, done: (connection: Connection, due: number, isJudged: boolean) => void) {
    this.#done = done;
    this.#socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', () => this.#end(false));
    this.#socket.on('close', () => this.#end(false));
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('secureConnect', resolve);
      this.#socket.once('error', reject);
    });
  }

  send(request: Buffer, due: number): void {
    this.#due = due;
    this.#left = 0;
    this.#socket.write(request);
  }

  close(): void {
    this.#left = -1;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#pieces.push(chunk);
    const answer = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    const head = answer.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer.toString('latin1', 0, head))?.[1]);
    if (answer.length < head + 4 + length) return;
    this.#isJudged = answer.toString('latin1', 0, 12) === 'HTTP/1.1 200' && answer.includes('"allowed":');
    this.#pieces.length = 0;
    this.#end(this.#isJudged);
  }

  #end(isJudged: boolean): void {
    if (this.#left < 0) return;
    this.#left = -1;
    this.#done(this, this.#due, isJudged);
  }
}

async function run(sending: Sending): Promise<Sent> {
  const requests = sending.bodies.map((body) => requestOf(Buffer.from(body, 'base64')));
  const latencies: number[] = [];
  const waiting: { request: Buffer; due: number }[] = [];
  const idle: Connection[] = [];
  let errors = 0;
  let open = 0;
  let next = 0;
  const give = (connection: Connection) => {
    const { rate } = sending;
    if (rate === undefined && performance.now() < end) {
      open += 1;
      connection.send(requests[next++ % requests.length] as Buffer, performance.now());
      return;
    }
    const first = waiting.shift();
    if (first === undefined) idle.push(connection);
    else connection.send(first.request, first.due);
  };
  const done = (connection: Connection, due: number, isJudged: boolean) => {
    open -= 1;
    if (isJudged) latencies.push(performance.now() - due);
    else errors += 1;
    give(connection);
  };
  const connections = Array.from({ length: sending.connections }, () => new Connection(sending, done));
  await Promise.all(connections.map((connection) => connection.ready()));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const end = start + sending.seconds * 1000;
  for (const connection of connections) give(connection);
  if (sending.rate !== undefined) {
    const total = sending.rate * sending.seconds;
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * sending.rate) + 1);
      for (; sent < due; sent++) {
        open += 1;
        waiting.push({
          request: requests[sent % requests.length] as Buffer,
          due: start + (sent / sending.rate) * 1000,
        });
        const connection = idle.shift();
        if (connection !== undefined) give(connection);
      }
      await wait(1);
    }
  }
  while (open > 0 || performance.now() < end) await wait(5);
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  for (const connection of connections) connection.close();
  const late = { p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 };
  return { latencies: latencies.sort((a, b) => a - b), answers: latencies.length, errors, seconds, late };
}

function requestOf(body: Buffer): Buffer {
  const head = [
    'POST /admit?timeout=3s HTTP/1.1',
    'Host: localhost',
    'Accept: application/json, */*',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

process.on('message', async (sending: Sending) => {
  process.send?.(await run(sending));
});
