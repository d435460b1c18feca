import { DIMENSIONS, type EventProcess, GuardName, RuntimeEvent } from '@breakwater/model';
import type { EventSource } from '../event-source.ts';
import {
  cleanLabels,
  cleanName,
  cleanText,
  fieldsOf,
  integerOf,
  type JsonFields,
  listOf,
  portOf,
  timeOf,
} from '../json-fields.ts';
import { madeOnce } from '../shapes/index.ts';
import { LINES } from './lines.ts';

const TYPES: ReadonlySet<string> = new Set(RuntimeEvent.shape.type.options);
const ACCESSES = ['read', 'write', 'create', 'execute', 'delete'] as const;
const ENFORCEMENTS = ['audit', 'warn', 'block'] as const;
const MOST_NAMED = 64;
const MOST_VARIABLES = 256;
const PREVENTIONS = ['audited', 'stopped', 'killed'] as const;
const GUARDS: readonly GuardName[] = GuardName.options;

const USES = ['cpu', 'memory', 'tasks', 'read', 'written', 'received', 'sent'] as const;

/** Our own sensor: one JSON object an event, as `breakwater sensor --output json` writes it. */
export const sensor: EventSource = {
  name: 'sensor',
  recognises: (json) => json['source'] === 'sensor' && 'type' in json && 'time' in json,
  lines: LINES,
  parse(json) {
    const time = timeOf(json['time']);
    const type = cleanName(json['type']);
    if (time === undefined || type === undefined || !TYPES.has(type)) return [];
    return [
      {
        source: 'sensor',
        time,
        type: type as RuntimeEvent['type'],
        ...known({
          node: cleanName(json['node']),
          pod: once(fieldsOf(json['pod']), podOf),
          container: once(fieldsOf(json['container']), containerOf),
          process: processOf(fieldsOf(json['process'])),
          parent: once(fieldsOf(json['parent']), processOf),
          file: fileOf(fieldsOf(json['file'])),
          peer: peerOf(fieldsOf(json['peer'])),
          local: endOf(fieldsOf(json['local'])),
          call: cleanName(json['call']),
          callArguments: cleanText(json['callArguments']),
          count: integerOf(json['count']),
          alert: alertOf(fieldsOf(json['alert'])),
          failure: cleanName(json['failure']),
          prevention: PREVENTIONS.find((one) => one === json['prevention']),
          guards: guardsOf(json['guards']),
          exitCode: integerOf(json['exitCode']),
          lost: integerOf(json['lost']),
          since: timeOf(json['since']),
          usage: usageOf(fieldsOf(json['usage'])),
          watch: watchOf(fieldsOf(json['watch'])),
        }),
      },
    ];
  },
};

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are not known. */
function known<T extends object>(fields: T): Known<T> {
  const found: Known<T> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) found[name] = value as Exclude<T[typeof name], undefined>;
  }
  return found;
}

const once = <T>(json: JsonFields | undefined, make: (json: JsonFields) => T): T | undefined =>
  json && madeOnce(json, make);

function podOf(json: JsonFields | undefined): RuntimeEvent['pod'] {
  const [namespace, name] = [cleanName(json?.['namespace']), cleanName(json?.['name'])];
  if (json === undefined || namespace === undefined || name === undefined) return undefined;
  const workload = cleanName(json['workload']);
  const kind = workload === undefined ? undefined : cleanName(json['workloadKind']);
  const cluster = cleanName(json['cluster']);
  return {
    ...(cluster !== undefined && { cluster }),
    ...{ namespace, name },
    ...(kind !== undefined && { workloadKind: kind }),
    ...(workload !== undefined && { workload }),
    labels: cleanLabels(json['labels']),
  };
}

function containerOf(json: JsonFields | undefined): RuntimeEvent['container'] {
  if (json === undefined) return undefined;
  const [id, name, image] = [cleanName(json['id']), cleanName(json['name']), cleanName(json['image'])];
  return known({ id, name, image, imageDigest: cleanName(json['imageDigest']) });
}

function processOf(json: JsonFields | undefined): EventProcess | undefined {
  if (json === undefined) return undefined;
  const capabilities = namesIn(json['capabilities']);
  return {
    path: cleanText(json['path']) ?? '',
    arguments: cleanText(json['arguments']) ?? '',
    ...known({
      applet: cleanName(json['applet']),
      pid: integerOf(json['pid']),
      uid: integerOf(json['uid']),
      workingDirectory: cleanText(json['workingDirectory']),
      startTime: timeOf(json['startTime']),
      executionId: cleanName(json['executionId']),
      inImage: truthOf(json['inImage']),
      fileless: truthOf(json['fileless']),
      digest: cleanName(json['digest']),
      capabilities: Array.isArray(json['capabilities']) ? capabilities : undefined,
    }),
  };
}

/** Numbers that are none below zero; others are left out. */
function usageOf(json: JsonFields | undefined): RuntimeEvent['usage'] {
  if (json === undefined) return undefined;
  const numbers = USES.flatMap((use) => {
    const value = json[use];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? [[use, value]] : [];
  });
  return Object.fromEntries(numbers);
}

/** Kinds that we do not know are told of by a newer sensor, and to us by nobody. */
function watchOf(json: JsonFields | undefined): RuntimeEvent['watch'] {
  if (json === undefined) return undefined;
  const told = new Set(namesIn(json['dimensions']));
  const settings = settingsOf(fieldsOf(json['settings']));
  return {
    dimensions: DIMENSIONS.filter((dimension) => told.has(dimension)),
    isWhole: json['isWhole'] === true,
    ...(settings !== undefined && { settings }),
  };
}

function settingsOf(json: JsonFields | undefined): NonNullable<RuntimeEvent['watch']>['settings'] {
  if (json === undefined) return undefined;
  const limits = ['cpu', 'memory'].flatMap((name): [string, number][] => {
    const value = fieldsOf(json['limits'])?.[name];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? [[name, value]] : [];
  });
  const environment = listOf(json['environment'])
    .slice(0, MOST_VARIABLES)
    .flatMap((name) => cleanName(name) ?? []);
  return { arguments: textsIn(listOf(json['arguments'])), environment, limits: Object.fromEntries(limits) };
}

function fileOf(json: JsonFields | undefined): RuntimeEvent['file'] {
  const path = cleanText(json?.['path']);
  if (json === undefined || path === undefined) return undefined;
  const access = ACCESSES.find((one) => one === json['access']);
  return { path, ...known({ access, from: cleanText(json['from']), inImage: truthOf(json['inImage']) }) };
}

/** An alert of ours, as `breakwater sensor` tells it beside the events. */
function alertOf(json: JsonFields | undefined): RuntimeEvent['alert'] {
  const [rule, message] = [cleanName(json?.['rule']), cleanText(json?.['message'])];
  if (json === undefined || rule === undefined || message === undefined) return undefined;
  const ancestors = listOf(json['ancestors'])
    .slice(0, MOST_NAMED)
    .flatMap((process) => processOf(fieldsOf(process)) ?? []);
  return {
    rule,
    message,
    priority: cleanName(json['priority']) ?? 'Notice',
    tags: namesIn(json['tags']),
    ...known({
      about: cleanName(json['about']),
      enforcement: ENFORCEMENTS.find((one) => one === json['enforcement']),
      exception: cleanName(json['exception']),
      story: Array.isArray(json['story']) ? textsIn(json['story']) : undefined,
    }),
    ...(ancestors.length > 0 && { ancestors }),
  };
}

const textsIn = (json: readonly unknown[]): string[] =>
  json.slice(0, MOST_NAMED).flatMap((text) => cleanText(text) ?? []);

const namesIn = (json: unknown): string[] =>
  listOf(json)
    .slice(0, MOST_NAMED)
    .flatMap((name) => cleanName(name) ?? []);

function peerOf(json: JsonFields | undefined): RuntimeEvent['peer'] {
  const end = endOf(json);
  return (
    end && { ...end, protocol: cleanName(json?.['protocol']) ?? 'TCP', ...known({ name: cleanName(json?.['name']) }) }
  );
}

function endOf(json: JsonFields | undefined): { address: string; port: number } | undefined {
  const [address, port] = [cleanName(json?.['address']), portOf(json?.['port'])];
  return address === undefined || port === undefined ? undefined : { address, port };
}

const truthOf = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

function guardsOf(value: unknown): GuardName[] | undefined {
  return Array.isArray(value) ? GUARDS.filter((guard) => value.includes(guard)) : undefined;
}
