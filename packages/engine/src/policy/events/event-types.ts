import { BOOL, type CelType, INT, listOf, mapOf, STRING } from '../cel/types.ts';

const object = (name: string, fields: Readonly<Record<string, CelType>>): CelType => ({
  name,
  parameters: [],
  fields: new Map(Object.entries(fields)),
});

const fieldsOfProcess = new Map<string, CelType>(
  Object.entries({
    path: STRING,
    name: STRING,
    arguments: STRING,
    pid: INT,
    uid: INT,
    workingDirectory: STRING,
    startTime: STRING,
    executionId: STRING,
    inImage: BOOL,
    fileless: BOOL,
    capabilities: listOf(STRING),
    component: STRING,
  }),
);

/** A process: what it runs, the last part of its path as `name`, and those above it, the closest first. */
const PROCESS: CelType = { name: 'process', parameters: [], fields: fieldsOfProcess };
fieldsOfProcess.set('parent', PROCESS);
fieldsOfProcess.set('ancestors', listOf(PROCESS));

const END = { address: STRING, port: INT };

/** A runtime event as expressions see it: the fields of `RuntimeEvent`, with the last part of paths as `name`. */
const EVENT = object('event', {
  source: STRING,
  time: STRING,
  type: STRING,
  node: STRING,
  call: STRING,
  callArguments: STRING,
  failure: STRING,
  prevention: STRING,
  exitCode: INT,
  lost: INT,
  process: PROCESS,
  parent: PROCESS,
  pod: object('pod', {
    cluster: STRING,
    namespace: STRING,
    name: STRING,
    workloadKind: STRING,
    workload: STRING,
    labels: mapOf(STRING, STRING),
  }),
  container: object('container', { id: STRING, name: STRING, image: STRING, imageDigest: STRING }),
  file: object('file', {
    path: STRING,
    name: STRING,
    folder: STRING,
    access: STRING,
    from: STRING,
    inImage: BOOL,
    component: STRING,
  }),
  peer: object('peer', { ...END, protocol: STRING, name: STRING }),
  local: object('local', END),
  count: INT,
  request: object('request', {
    user: STRING,
    groups: listOf(STRING),
    impersonator: STRING,
    verb: STRING,
    resource: STRING,
    namespace: STRING,
    name: STRING,
    path: STRING,
    from: listOf(STRING),
    userAgent: STRING,
    allowed: BOOL,
  }),
  alert: object('alert', { rule: STRING, priority: STRING, message: STRING, tags: listOf(STRING) }),
});

/** Types of the facts that only policies on events have: a field that there is not is refused when they are loaded. */
export const EVENT_TYPES: Readonly<Record<string, CelType>> = { event: EVENT, process: PROCESS };

/** The names that an expression may use, with the types that are known of them. */
export const withEventTypes = (names: readonly string[]): Record<string, string | CelType> =>
  Object.fromEntries(names.map((name) => [name, EVENT_TYPES[name] ?? 'dyn']));
