import { constants } from 'node:os';
import { posix } from 'node:path';
import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { cleanName, cleanText, isoOf } from '../json-fields.ts';
import { type AuditRecord, bytesIn, numberIn, textIn } from './record.ts';
import { socketAddressIn } from './socket-address.ts';
import { type SystemCall, systemCallIn } from './system-calls.ts';

/** What processes of a node run, by `node pid`. */
export type KnownPrograms = Map<string, string>;

/** Records that come with a system call and say nothing without it. */
const PARTS: ReadonlySet<string> = new Set(['EXECVE', 'PATH', 'CWD', 'SOCKADDR', 'PROCTITLE']);
const ERRORS = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));
/** A connection that does not wait has begun. */
const BEGUN = 'EINPROGRESS';
const [O_ACCMODE, O_CREAT] = [3, 0o100];
const MOST_ARGUMENTS = 512;

/**
 * What the records of one serial tell; undefined where they tell of no system call (logins, services, settings of the
 * audit system), 'broken' where it is missing.
 */
export function eventOf(records: readonly AuditRecord[], programs: KnownPrograms): RuntimeEvent | 'broken' | undefined {
  const call = records.find(({ type }) => type === 'SYSCALL');
  if (call === undefined) return records.every(({ type }) => PARTS.has(type)) ? 'broken' : undefined;
  const time = isoOf(call.time);
  const number = numberIn(call.fields.get('syscall'));
  if (time === undefined || number === undefined) return 'broken';
  const what = systemCallIn(call.fields.get('arch'), number);
  const process = processOf(call, records, what);
  const parent = noteProgram(call, what, process, programs);
  const node = cleanName(call.node);
  return {
    source: 'auditd',
    time,
    ...deedOf(what, call, records),
    ...(node !== undefined && { node }),
    ...(process && { process }),
    ...(parent && { parent }),
    ...failureOf(call),
  };
}

/** Who acts is the file that the process runs: of a script its interpreter. */
function processOf(call: AuditRecord, records: readonly AuditRecord[], what: SystemCall): EventProcess | undefined {
  const path = cleanText(textIn(call.fields.get('exe')) ?? textIn(call.fields.get('comm')));
  if (path === undefined) return undefined;
  const [pid, uid] = [numberIn(call.fields.get('pid')), numberIn(call.fields.get('euid') ?? call.fields.get('uid'))];
  const workingDirectory = cleanText(textIn(fieldOf(records, 'CWD', 'cwd')));
  return {
    path,
    arguments: cleanText(what.type === 'exec' ? argumentsOf(records) : titleOf(records)) ?? '',
    ...(pid !== undefined && { pid }),
    ...(uid !== undefined && { uid }),
    ...(workingDirectory !== undefined && { workingDirectory }),
  };
}

/** The parent as far as the log told of it before; what runs from now on is noted for those to come. */
function noteProgram(
  { fields, node }: AuditRecord,
  { type }: SystemCall,
  process: EventProcess | undefined,
  programs: KnownPrograms,
): EventProcess | undefined {
  const pid = numberIn(fields.get('ppid'));
  if (process?.pid !== undefined) {
    const key = `${node ?? ''} ${process.pid}`;
    programs.delete(key);
    if (type !== 'exit') programs.set(key, process.path);
  }
  const path = programs.get(`${node ?? ''} ${pid}`);
  return path === undefined || pid === undefined ? undefined : { path, arguments: '', pid };
}

/** `argc=2 a0="sh" a1=2D63`; long ones come in pieces `a1[0]`, `a1[1]` over several records. Without the program's name. */
function argumentsOf(records: readonly AuditRecord[]): string {
  const found = new Map<number, string[]>();
  for (const { type, fields } of records) {
    if (type !== 'EXECVE') continue;
    for (const [name, value] of fields) {
      const place = /^a(\d{1,4})(?:\[(\d{1,6})\])?$/.exec(name);
      if (place === null || found.size > MOST_ARGUMENTS) continue;
      const index = Number(place[1]);
      const pieces = found.get(index) ?? [];
      pieces[Math.min(Number(place[2] ?? 0), pieces.length)] = textIn(value) ?? '';
      found.set(index, pieces);
    }
  }
  if (found.size === 0) return titleOf(records);
  return [...found.entries()]
    .sort(([a], [b]) => a - b)
    .slice(1)
    .map(([, pieces]) => pieces.join(''))
    .join(' ');
}

/** Command lines as /proc has them: the kernel cuts them at 128 bytes. */
function titleOf(records: readonly AuditRecord[]): string {
  const words = (textIn(fieldOf(records, 'PROCTITLE', 'proctitle')) ?? '').split('\0');
  return words.slice(1).join(' ').trimEnd();
}

function deedOf(
  what: SystemCall,
  { fields }: AuditRecord,
  records: readonly AuditRecord[],
): Pick<RuntimeEvent, 'type'> & Partial<RuntimeEvent> {
  const { name, type } = what;
  switch (type) {
    case 'open':
      return openOf(name, fields, records);
    case 'change':
      return changeOf(name, records);
    case 'connect':
    case 'accept':
      return { type, ...endOf(records) };
    case 'exit':
      return { type, exitCode: Number.parseInt(fields.get('a0') ?? '0', 16) & 255 };
    case 'exec':
    case 'fork':
      return { type };
    default:
      return { type, call: name, ...fileOf(pathsIn(records).at(-1)?.path) };
  }
}

function openOf(
  name: string,
  fields: ReadonlyMap<string, string>,
  records: readonly AuditRecord[],
): ReturnType<typeof deedOf> {
  const last = pathsIn(records).findLast(({ kind }) => kind !== 'PARENT');
  const flags = Number.parseInt(fields.get(name === 'open' ? 'a1' : 'a2') ?? '0', 16);
  // What `openat2` is asked for stands in memory that the log does not show.
  const isKnown = name === 'open' || name === 'openat';
  const makes =
    last?.kind === 'CREATE' || name === 'creat' || (isKnown && (flags & O_CREAT) !== 0 && last === undefined);
  const writes = isKnown && (flags & O_ACCMODE) !== 0;
  const access = makes ? 'create' : writes ? 'write' : isKnown ? 'read' : undefined;
  return { type: 'open', ...(last && { file: { path: last.path, ...(access && { access }) } }) };
}

/** The last path is what there is now; what was called otherwise before is named as deleted. */
function changeOf(name: string, records: readonly AuditRecord[]): ReturnType<typeof deedOf> {
  const paths = pathsIn(records).filter(({ kind }) => kind !== 'PARENT');
  const gone = paths.find(({ kind }) => kind === 'DELETE')?.path;
  const made = paths.find(({ kind }) => kind === 'CREATE')?.path;
  if (name.startsWith('rename') && made !== undefined && gone !== undefined)
    return { type: 'change', call: name, file: { path: made, access: 'write', from: gone } };
  const path = made ?? gone ?? paths.at(-1)?.path;
  const isGone = /^(?:unlink|unlinkat|rmdir)$/.test(name);
  return {
    type: 'change',
    call: name,
    ...(path !== undefined && { file: { path, access: isGone ? 'delete' : 'write' } }),
  };
}

/** The paths of an event, absolute, in order of their numbers. */
function pathsIn(records: readonly AuditRecord[]): { path: string; kind: string }[] {
  const base = textIn(fieldOf(records, 'CWD', 'cwd')) ?? '';
  return records
    .filter(({ type }) => type === 'PATH')
    .sort((a, b) => (numberIn(a.fields.get('item')) ?? 0) - (numberIn(b.fields.get('item')) ?? 0))
    .flatMap(({ fields }) => {
      const name = textIn(fields.get('name'));
      if (name === undefined) return [];
      const path = cleanText(name.startsWith('/') ? name : base.startsWith('/') ? posix.join(base, name) : name);
      return path === undefined ? [] : [{ path, kind: fields.get('nametype') ?? '' }];
    });
}

function endOf(records: readonly AuditRecord[]): Pick<RuntimeEvent, 'peer' | 'file'> {
  const bytes = bytesIn(fieldOf(records, 'SOCKADDR', 'saddr'));
  const end = bytes && socketAddressIn(bytes);
  if (end === undefined) return {};
  return 'path' in end ? fileOf(cleanText(end.path)) : { peer: { ...end, protocol: 'TCP' } };
}

const fileOf = (path: string | undefined): Pick<RuntimeEvent, 'file'> => (path === undefined ? {} : { file: { path } });

function failureOf({ fields }: AuditRecord): Pick<RuntimeEvent, 'failure'> {
  if (fields.get('success') !== 'no') return {};
  const number = -(numberIn(fields.get('exit')) ?? 0);
  const failure = ERRORS.get(number) ?? `error ${number}`;
  return failure === BEGUN ? {} : { failure };
}

const fieldOf = (records: readonly AuditRecord[], type: string, name: string): string | undefined =>
  records.find((record) => record.type === type)?.fields.get(name);
