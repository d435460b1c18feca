import { constants } from 'node:os';
import type { RuntimeEvent } from '@breakwater/model';
import type { KernelRecord } from '../kernel/record.ts';
import { callArguments } from './call-arguments.ts';
import { capabilityNames } from './capabilities.ts';
import { isInImage } from './in-image.ts';
import { joinedPath } from './joined-path.ts';
import { formatAddress } from './name-answers.ts';
import { pathText } from './path-text.ts';
import { preventionOf, refusalOf } from './refusals.ts';
import { systemCallOf } from './system-calls.ts';

/** What an event tells beside who, where and when. */
export type Details = Partial<RuntimeEvent> & Pick<RuntimeEvent, 'type'>;

const FAMILY = { unix: 1, inet: 2, inet6: 10 } as const;
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };
/** FMODE_WRITE and FMODE_CREATED of linux/fs.h. */
const WRITE = 2n;
const CREATED = 0x100000n;
const ERRORS = new Map(Object.entries(constants.errno).map(([name, number]) => [-number, name]));
/** Whoever connects for datagrams has sent none: lookups of names do so for each address, to ask for its route. */
const CALLS_TO_PEERS: Readonly<Record<number, string>> = {
  42: 'connect',
  44: 'sendto',
  46: 'sendmsg',
  307: 'sendmmsg',
};
/** A connection that does not wait has begun. */
const BEGUN = 'EINPROGRESS';

/** What a record tells; undefined where there is nothing to tell. `nameOf` gives what an address was asked for by. */
export function detailsOf(record: KernelRecord, nameOf: (address: string) => string | undefined): Details | undefined {
  switch (record.kind) {
    case 'exec':
      return { type: 'exec', ...preventionOf(record.values[3]) };
    case 'exit':
      return { type: 'exit', exitCode: exitCodeOf(record.result) };
    case 'open':
      return openOf(record);
    case 'paths':
      return changeOf(record);
    case 'connect':
      return connectionOf(record, nameOf);
    case 'accept':
    case 'listen':
      return { type: record.kind, ...endsOf(record) };
    case 'call':
      return callOf(record);
    case 'ring':
      return ringOpenOf(record);
    case 'refusal':
      return refusalOf(record);
    case 'capability':
      return capabilityOf(record);
    default:
      return undefined;
  }
}

/** As shells count: 128 and the signal where one ended it. */
const exitCodeOf = (status: number): number => ((status & 127) === 0 ? (status >> 8) & 255 : 128 + (status & 127));

function failureOf(result: number): Pick<Details, 'failure'> {
  if (result >= 0) return {};
  const failure = ERRORS.get(result) ?? `error ${-result}`;
  return failure === BEGUN ? {} : { failure };
}

function capabilityOf({ values }: KernelRecord): Details | undefined {
  const [call] = capabilityNames(1n << values[0]);
  return call === undefined ? undefined : { type: 'privilege', call };
}

function openOf({ values, texts }: KernelRecord): Details {
  const mode = values[0];
  const access = (mode & CREATED) !== 0n ? 'create' : (mode & WRITE) !== 0n ? 'write' : 'read';
  const inImage = isInImage(Number(values[2] >> 32n));
  return {
    type: 'open',
    file: { path: pathText(texts[0]), access, ...(inImage !== undefined && { inImage }) },
    ...preventionOf(values[3] >> 32n),
  };
}

/** O_WRONLY or O_RDWR, and O_CREAT: of what io_uring was asked to open. What comes of it is not known. */
function ringOpenOf({ values, texts }: KernelRecord): Details {
  const access = (values[0] & 0o100n) !== 0n ? 'create' : (values[0] & 3n) !== 0n ? 'write' : 'read';
  const path = joinedPath(pathText(texts[0]), pathText(texts[1]));
  return { type: 'open', call: 'io_uring', file: { path, access } };
}

/** Renamed, linked, removed, given to others: the last path is what there is now. */
function changeOf({ call, texts, values }: KernelRecord): Details | undefined {
  const what = systemCallOf(call);
  if (what === undefined) return undefined;
  const base = pathText(texts[0]);
  const first = joinedPath(base, pathText(texts[1]));
  const second = texts[2].length === 0 ? undefined : joinedPath(base, pathText(texts[2]));
  const isGone = /^(?:unlink|unlinkat|rmdir)$/.test(what.name);
  const file = { path: second ?? first, access: isGone ? ('delete' as const) : ('write' as const) };
  const details: Details = { type: 'change', call: what.name, ...modeOf(what.name, values) };
  return { ...details, file: second === undefined ? file : { ...file, from: first } };
}

/** Kinds of what `mknod` makes, by the bits of the mode. */
const KINDS: Readonly<Record<number, string>> = { 1: 'fifo', 2: 'character', 6: 'block', 11: 'socket' };

/** The rights that a file is given (`4755`), and what kind of file is made that is no plain one. */
function modeOf(call: string, values: KernelRecord['values']): Pick<Details, 'callArguments'> {
  const mode = Number(call.endsWith('at') || call.endsWith('at2') ? values[2] : values[1]);
  if (/chmod/.test(call)) return { callArguments: (mode & 0o7777).toString(8) };
  return /^mknod/.test(call) ? { callArguments: KINDS[(mode >> 12) & 0o17] ?? 'file' } : {};
}

function connectionOf(record: KernelRecord, nameOf: (address: string) => string | undefined): Details | undefined {
  const { values, texts, result } = record;
  const family = Number(values[0]);
  if (family === FAMILY.unix) return unixConnection(record);
  if (family !== FAMILY.inet && family !== FAMILY.inet6) return undefined;
  const address = formatAddress(texts[0]);
  const name = nameOf(address);
  const protocol = PROTOCOLS[Number(values[1])] ?? String(values[1]);
  const peer = { address, port: Number(values[2]), protocol, ...(name !== undefined && { name }) };
  const call = protocol === 'UDP' ? { call: CALLS_TO_PEERS[record.call] ?? 'io_uring' } : {};
  return { type: 'connect', ...call, peer, ...failureOf(result), ...preventionOf(values[4]) };
}

/**
 * A socket that is a file: that of a container runtime is as good as the host, whatever it is called here. `from` is what
 * its listener called it, as far as that is another name. Abstract names begin with `@`.
 */
function unixConnection({ values, texts, result }: KernelRecord): Details | undefined {
  const [bytes, listener] = texts;
  if (bytes.length === 0) return undefined;
  const isAbstract = bytes[0] === 0;
  const end = isAbstract ? -1 : bytes.indexOf(0);
  const name = pathText(bytes.subarray(isAbstract ? 1 : 0, end === -1 ? bytes.length : end));
  const path = isAbstract ? `@${name}` : name;
  const from = pathText(listener);
  return {
    type: 'connect',
    file: { path, ...(from !== '' && from !== path && { from }) },
    ...failureOf(result),
    ...preventionOf(values[4]),
  };
}

/** Pairs of sockets, and those that are files, have no addresses. */
function endsOf({ values, texts }: KernelRecord): Pick<Details, 'peer' | 'local'> {
  const family = Number(values[0]);
  if (family !== FAMILY.inet && family !== FAMILY.inet6) return {};
  const protocol = PROTOCOLS[Number(values[1])] ?? '';
  const local = {
    address: formatAddress(texts[1]),
    port: Number(values[3]),
    ...(protocol !== 'TCP' && protocol !== '' && { protocol }),
  };
  const peer = {
    address: formatAddress(texts[0]),
    port: Number(values[2]),
    protocol,
  };
  return { ...(local.address !== '' && { local }), ...(peer.port !== 0 && { peer }) };
}

function callOf(record: KernelRecord): Details | undefined {
  const what = systemCallOf(record.call);
  if (what === undefined) return undefined;
  const words = callArguments(what.name, record);
  const mode = what.name === 'fchmod' ? modeOf('fchmod', record.values) : {};
  const details: Details = {
    type: what.type,
    call: what.name,
    ...(words !== '' && { callArguments: words }),
    ...mode,
    ...failureOf(record.result),
  };
  if (what.name.startsWith('dup')) return { ...details, ...endsOf(record) };
  return { ...details, ...fileOfCall(what.name, record), ...preventionOf(record.values[5]) };
}

/** What is mounted is `from`, and where is the file: that is what changes. */
function fileOfCall(name: string, { texts }: KernelRecord): Pick<Details, 'file'> {
  const [first, second] = [pathText(texts[0]), pathText(texts[1])];
  if (name === 'mount' && second !== '') return { file: { path: second, ...(first !== '' && { from: first }) } };
  return first === '' ? {} : { file: { path: first } };
}
