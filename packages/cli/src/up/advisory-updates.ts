import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readStatus } from '@breakwater/app/advisories';
import { plain } from '../terminal/style.ts';

/** What keeps the advisories of a server new. */
export interface AdvisoryUpdates {
  close(): Promise<void>;
}

export interface UpdateOptions {
  state: string;
  /** Hours between two updates. */
  hours: number;
  /** Addresses; the public feeds where there is none. */
  feeds: string[];
  /** Whether feeds may be at private or local addresses. */
  unsafeAllowPrivateAddresses: boolean;
  /** Takes what a person should read. */
  say(line: string): void;
}

const HOUR = 3_600_000;
/** After an update that failed: a feed is seldom away for long, and is not asked all the time. */
const TRY_AGAIN = HOUR / 4;

/** Milliseconds until advisories of that age are updated; those that were never imported are due. */
export function untilUpdate(importedAt: string | undefined, hours: number, now: number): number {
  const due = importedAt === undefined ? Number.NaN : Date.parse(importedAt) + hours * HOUR;
  return Number.isNaN(due) ? 0 : Math.min(Math.max(0, due - now), hours * HOUR);
}

/**
 * Updates the advisories when they are older than so many hours, in a process of its own: importing takes a gigabyte
 * for some seconds. Readers and watchers notice the new index by themselves.
 */
export function keepUpdated(options: UpdateOptions): AdvisoryUpdates {
  const { state, hours, say } = options;
  const ending = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const plan = (milliseconds: number) => {
    if (ending.signal.aborted) return;
    timer = setTimeout(() => {
      running = update(options, ending.signal).then(
        () => plan(untilUpdate(readStatus(state).importedAt, hours, Date.now())),
        (cause: Error) => {
          if (ending.signal.aborted) return;
          say(`The advisories could not be updated, they are tried again in 15 minutes: ${plain(cause.message)}`);
          plan(TRY_AGAIN);
        },
      );
    }, milliseconds);
  };
  plan(untilUpdate(readStatus(state).importedAt, hours, Date.now()));
  return {
    async close() {
      clearTimeout(timer);
      ending.abort();
      await running;
    },
  };
}

async function update(
  { state, feeds, unsafeAllowPrivateAddresses }: UpdateOptions,
  signal: AbortSignal,
): Promise<void> {
  const unsafe = unsafeAllowPrivateAddresses ? ['--unsafe-allow-private-addresses'] : [];
  const args = ['db', 'update', ...feeds, '--quiet', '--state', state, ...unsafe];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(errors.trim() === '' ? `breakwater db update ended with ${code}` : errors.trim());
}
