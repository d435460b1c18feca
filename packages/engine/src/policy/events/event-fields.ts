import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { type Node, qualifiedName } from '../cel/ast.ts';
import type { Names } from './constants.ts';
import { folderOfPath, isFileless, nameOfPath } from './event-view.ts';

/** An event, and the process above the one that acted, where an expression asks for it. */
export interface Look {
  readonly event: RuntimeEvent;
  readonly above: EventProcess | undefined;
}

/** A field that is read without making a view of the event: its text as JSON has it, undefined where nobody knows. */
export interface RawField {
  read(look: Look): string | undefined;
  /** The text that several fields are parts of, for looking them up together. */
  whole?: (look: Look) => string;
  part?: 'name' | 'folder';
  /** Of which events it is the same wherever they are alike (`AlikeEvents`); of none where it is absent. */
  alike?: 'all' | 'connect';
}

/** Whether events of a type that are alike have the same in a field. */
export const isAlikeOf = ({ alike }: Pick<RawField, 'alike'>, type: string): boolean =>
  alike === 'all' || (alike !== undefined && alike === type);

const programOf = (process: EventProcess | undefined): string => process?.applet ?? process?.path ?? '';
const filePath = ({ event }: Look): string => event.file?.path ?? '';
const fileFrom = ({ event }: Look): string => event.file?.from ?? '';
const processPath = ({ event }: Look): string => event.process?.path ?? '';
const processName = ({ event }: Look): string => programOf(event.process);
const parentName = ({ above }: Look): string => programOf(above);

const text = (read: (look: Look) => string): RawField => ({ read, whole: read });
const named = (whole: (look: Look) => string): RawField => ({
  read: (look) => nameOfPath(whole(look)),
  whole,
  part: 'name',
});
const truth = (read: (look: Look) => boolean | undefined): RawField => ({
  read: (look) => {
    const value = read(look);
    return value === undefined ? undefined : String(value);
  },
});
const number = (read: (look: Look) => number | undefined): RawField => ({
  read: (look) => {
    const value = read(look);
    return value === undefined ? undefined : String(value);
  },
});

const same = (field: RawField): RawField => ({ ...field, alike: 'all' });
const ofPeer = (field: RawField): RawField => ({ ...field, alike: 'connect' });

/** Fields by the facts and parts that expressions read them from: `event.file.path` is `path` of `event.file`. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, RawField>>>> = {
  event: {
    type: same(text(({ event }) => event.type)),
    source: same(text(({ event }) => event.source)),
    call: same(text(({ event }) => event.call ?? '')),
    callArguments: same({ read: ({ event }) => event.callArguments ?? '' }),
    failure: same({ read: ({ event }) => event.failure ?? '' }),
  },
  'event.file': {
    path: same(text(filePath)),
    name: same(named(filePath)),
    folder: same({ read: (look) => folderOfPath(filePath(look)), whole: filePath, part: 'folder' }),
    from: same(text(fileFrom)),
    access: same({ read: ({ event }) => event.file?.access ?? '' }),
    inImage: same(truth(({ event }) => event.file?.inImage)),
  },
  'event.peer': {
    address: ofPeer(text(({ event }) => event.peer?.address ?? '')),
    name: ofPeer(text(({ event }) => event.peer?.name ?? '')),
    port: ofPeer(text(({ event }) => String(event.peer?.port ?? 0))),
    protocol: ofPeer({ read: ({ event }) => event.peer?.protocol ?? '' }),
  },
  'event.local': { port: { read: ({ event }) => String(event.local?.port ?? 0) } },
  'event.request': {
    verb: text(({ event }) => event.request?.verb ?? ''),
    resource: text(({ event }) => event.request?.resource ?? ''),
    namespace: { read: ({ event }) => event.request?.namespace ?? '' },
    name: { read: ({ event }) => event.request?.name ?? '' },
    user: { read: ({ event }) => event.request?.user ?? '' },
    allowed: truth(({ event }) => event.request?.allowed ?? false),
  },
  'event.alert': { rule: text(({ event }) => event.alert?.rule ?? '') },
  process: {
    path: same(text(processPath)),
    name: same(named(processName)),
    arguments: { read: ({ event }) => event.process?.arguments ?? '' },
    inImage: same(truth(({ event }) => event.process?.inImage)),
    fileless: same(truth(({ event }) => event.process !== undefined && isFileless(event.process))),
    uid: same(number(({ event }) => event.process?.uid)),
  },
  ' parent': { name: named(parentName) },
};

/** The field that an expression names, also by a variable of the policy; `event.process` is `process`. */
export function rawFieldOf(node: Node, names: Names): RawField | undefined {
  const name = qualifiedName(node);
  if (name === undefined) return undefined;
  const inside = names.nodes.get(name);
  if (inside !== undefined) return rawFieldOf(inside, names);
  const end = name.lastIndexOf('.');
  const owner = name
    .slice(0, end)
    .replace(/^event\.process\b/, 'process')
    .replace(/^process\.parent$/, ' parent');
  const group = Object.hasOwn(FIELDS, owner) ? FIELDS[owner] : undefined;
  const field = name.slice(end + 1);
  return group !== undefined && Object.hasOwn(group, field) ? group[field] : undefined;
}
