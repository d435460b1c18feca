import { UserError } from '@breakwater/model';
import { namedPolicies } from '../assess.ts';
import type { Invocation, Option } from '../command.ts';

/** Options of `up` about taking events. */
export const INGEST_OPTIONS = {
  'ingest-listen': {
    type: 'string',
    value: 'ADDRESS',
    help: 'Take events there too, with TLS (default: with the API only)',
  },
  'ingest-port': { type: 'string', value: 'PORT', help: 'Port for events (default: 7071)' },
  'ingest-name': {
    type: 'string',
    multiple: true,
    value: 'HOST',
    help: 'Names and addresses that our certificate is for',
  },
  'ingest-certificate': { type: 'string', value: 'FILE', help: 'Serve with this certificate instead of our own' },
  'ingest-certificate-key': { type: 'string', value: 'FILE', help: 'Its key' },
  'ingest-rate': { type: 'string', value: 'N', help: 'Events that each key may send in a second (default: 50000)' },
} satisfies Record<string, Option>;

/** How events are taken. */
export interface IngestSettings {
  state: string;
  /** Where to listen beside the API; nowhere else where it is absent. */
  listen?: { host: string; port: number };
  /** Names for a certificate of our own. */
  names: string[];
  certificate?: { path: string; keyPath: string };
  perSecond: number;
  /** Files and folders of policies and exceptions that events are judged by beside ours, and packs that were asked for. */
  policies?: string[];
  packs?: string[];
}

const PORT = 7071;
const RATE = 50_000;

/** By what was typed; `isAlone` where nothing else of the process listens. Throws UserError for what cannot be. */
export function ingestSettings(invocation: Invocation, isAlone: boolean): IngestSettings {
  const { options, state } = invocation;
  const text = (name: keyof typeof INGEST_OPTIONS): string | undefined =>
    typeof options[name] === 'string' && options[name] !== '' ? options[name] : undefined;
  const [host, port] = [text('ingest-listen'), text('ingest-port')];
  const isWanted = isAlone || host !== undefined || port !== undefined;
  const [path, keyPath] = [text('ingest-certificate'), text('ingest-certificate-key')];
  if ((path === undefined) !== (keyPath === undefined))
    throw new UserError('--ingest-certificate and --ingest-certificate-key go together.', { code: 'option-missing' });
  return {
    state,
    ...(isWanted && { listen: { host: host ?? '127.0.0.1', port: numberOf('ingest-port', port, PORT, 65_535) } }),
    names: (options['ingest-name'] as string[] | undefined) ?? [],
    ...(path !== undefined && keyPath !== undefined && { certificate: { path, keyPath } }),
    perSecond: Math.max(1, numberOf('ingest-rate', text('ingest-rate'), RATE, 10_000_000)),
    policies: namedPolicies(invocation),
    packs: (options['packs'] as string[] | undefined) ?? [],
  };
}

function numberOf(name: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new UserError(`--${name} takes a number up to ${most}, not '${text}'.`, { code: 'option-invalid' });
}
