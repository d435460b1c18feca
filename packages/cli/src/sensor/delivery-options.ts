import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import type { Delivery } from '@breakwater/sensor/delivery';
import type { Invocation, Option } from '../command.ts';
import { readCount } from '../options.ts';
import { plain } from '../terminal/style.ts';

/** Options of `sensor` about a server that takes its events. */
export const DELIVERY_OPTIONS = {
  server: { type: 'string', value: 'URL', help: 'Send events to this server: https://HOST:PORT' },
  'key-file': {
    type: 'string',
    value: 'FILE',
    help: 'File with the key (else the environment: BREAKWATER_SENSOR_KEY)',
  },
  authority: { type: 'string', value: 'FILE', help: "PEM of who vouches for the server's certificate" },
  spool: { type: 'string', value: 'FOLDER', help: 'Where events wait for it (default: in the state folder)' },
  'spool-size': { type: 'string', value: 'MIB', help: 'Most that wait there; the oldest are lost then (default: 256)' },
} satisfies Record<string, Option>;

const KEY_VARIABLE = 'BREAKWATER_SENSOR_KEY';
const MIB = 1024 * 1024;

/** Delivery to the server that was named; undefined where none was. Throws UserError for what is missing. */
export async function openNamedDelivery(invocation: Invocation, node: string): Promise<Delivery | undefined> {
  const { options, state } = invocation;
  const [server, keyFile, authority, spool] = ['server', 'key-file', 'authority', 'spool'].map(
    (name) => options[name],
  ) as (string | undefined)[];
  if (server === undefined) {
    const alone = Object.keys(DELIVERY_OPTIONS).find((name) => options[name] !== undefined);
    if (alone === undefined) return undefined;
    throw new UserError(`--${alone} says how events are sent, and nothing says where to.`, {
      code: 'option-missing',
      hint: 'Add --server https://HOST:PORT.',
    });
  }
  const { openDelivery, parseServerAddress } = await import('@breakwater/sensor/delivery');
  const key = keyFrom(keyFile);
  key();
  return await openDelivery({
    folder: spool ?? join(state, 'sensor', 'spool'),
    server: parseServerAddress(server, authority === undefined ? undefined : readText(authority, 'authority')),
    key,
    node,
    mostBytes: readCount(invocation, 'spool-size', 256) * MIB,
    report: (line) => void process.stderr.write(`${plain(line)}\n`),
  });
}

/** The key as it is now: a file is read each time, so that it can be exchanged while the sensor runs. */
function keyFrom(file: string | undefined): () => string {
  return () => {
    const text = (file === undefined ? (process.env[KEY_VARIABLE] ?? '') : readText(file, 'key')).trim();
    if (/^[\x21-\x7e]{1,200}$/.test(text)) return text;
    throw new UserError('There is no key to send events with.', {
      code: 'sensor-key-missing',
      hint: `Make one where the server is, breakwater ingest key NAME, and give it: --key-file FILE, or ${KEY_VARIABLE}.`,
    });
  };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError(`The file of the ${what}, ${path}, cannot be read.`, { code: 'file-unreadable', cause });
  }
}
