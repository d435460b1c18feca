import type { RuntimeEvent } from '@breakwater/model';
import { cleanName, cleanText, fieldsOf, integerOf, listOf, portOf } from '../json-fields.ts';
import { kernelCall } from '../kernel-call.ts';
import type { TraceeReading } from './reading.ts';

type Deed = Pick<RuntimeEvent, 'type'> & Partial<RuntimeEvent>;

/** Events that are no function of the kernel under their own name. */
const OWN: ReadonlyMap<string, (reading: TraceeReading) => Deed> = new Map<string, (reading: TraceeReading) => Deed>([
  ['sched_process_exec', startedOf],
  ['sched_process_exit', endedOf],
  ['sched_process_fork', () => ({ type: 'fork' })],
  [
    'net_tcp_connect',
    ({ arguments: args }) => ({ type: 'connect', ...peerOf(args.get('dst'), args.get('dst_port'), 'TCP') }),
  ],
]);

/** An event in our words: by its own meaning, else by that of the call it is named after. */
export function translate(reading: TraceeReading): RuntimeEvent {
  const { time, name, subject } = reading;
  const deed = OWN.get(name)?.(reading) ?? callOf(reading);
  const process = deed.process && subject.process ? { ...subject.process, ...deed.process } : subject.process;
  return { source: 'tracee', time, ...subject, ...deed, ...(process && { process }) };
}

/** The event is told by the new program; where the old one is given too, the arguments are the new one's. */
function startedOf({ arguments: args, subject }: TraceeReading): Deed {
  const path = cleanText(args.get('pathname')) ?? cleanText(args.get('cmdpath')) ?? subject.process?.path ?? '';
  const words = listOf(args.get('argv'))
    .slice(1)
    .flatMap((word) => cleanText(word) ?? []);
  return { type: 'exec', process: { path, arguments: words.join(' ') } };
}

function endedOf({ arguments: args }: TraceeReading): Deed {
  const exitCode = integerOf(args.get('exit_code'));
  return { type: 'exit', ...(exitCode !== undefined && { exitCode }) };
}

/** What failed did nothing: it is a call and no more. */
function callOf({ name, arguments: args, result }: TraceeReading): Deed {
  const { type, access } = kernelCall(name);
  if (result !== undefined && result < 0) return { type: 'syscall', call: name };
  if (type === 'open') return openOf(name, args, access);
  if (type === 'connect' || type === 'accept')
    return { type, call: name, ...socketOf(args.get('remote_addr') ?? args.get('addr')) };
  if (type === 'listen') {
    const end = socketOf(args.get('local_addr')).peer;
    return { type, call: name, ...(end && { local: { address: end.address, port: end.port } }) };
  }
  return { type, call: name };
}

function openOf(name: string, args: TraceeReading['arguments'], access: ReturnType<typeof kernelCall>['access']): Deed {
  const path = cleanText(args.get('pathname'));
  if (!path?.startsWith('/')) return { type: 'syscall', call: name };
  const flags = cleanName(args.get('flags')) ?? '';
  const asked = /O_CREAT/.test(flags) ? 'create' : /O_WRONLY|O_RDWR/.test(flags) ? 'write' : 'read';
  return { type: 'open', call: name, file: { path, access: access ?? asked } };
}

/** `{sa_family, sin_addr, sin_port}`, `{sin6_addr, sin6_port}`, or `{sun_path}`. */
function socketOf(value: unknown): Pick<Deed, 'peer' | 'file'> {
  const address = fieldsOf(value);
  const path = cleanText(address?.['sun_path']);
  if (path !== undefined) return { file: { path } };
  return peerOf(
    address?.['sin_addr'] ?? address?.['sin6_addr'],
    address?.['sin_port'] ?? address?.['sin6_port'],
    'TCP',
  );
}

function peerOf(ip: unknown, portValue: unknown, protocol: string): Pick<Deed, 'peer'> {
  const [address, port] = [cleanName(ip), portOf(portValue)];
  return address === undefined || port === undefined ? {} : { peer: { address, port, protocol } };
}
