import {
  type Container,
  type Image,
  isObject,
  type Json,
  type JsonObject,
  type NamedValue,
  namedPeers,
  type ReleaseFacts,
  type Workload,
} from '@breakwater/model';
import { createOwnership } from '../evidence/index.ts';
import { capabilityName } from '../inventory/capabilities.ts';
import { approximate, parseQuantity, Quantity } from '../policy/cel/quantity.ts';
import { sipHash } from './sip-hash.ts';
import { startedPrograms } from './started-programs.ts';

/** What a release is known by: an image, a container of a workload, the object that declares it; each where it is known. */
export interface ReleaseParts {
  /** Read with `release: true`, so that it lists its programs. */
  image?: Image | undefined;
  container?: Container | undefined;
  workload?: Workload | undefined;
  /** As written: the container's `pointer` leads to what is not kept elsewhere, its command line and values. */
  object?: JsonObject | undefined;
}

const encoder = new TextEncoder();
const KEY = encoder.encode('breakwater rel 1');
/** What makes the absence of a file say nothing. */
const UNREAD = /^(?:layer|file|entry|archive|blob|digest|size|diff|overlay|wall)-/;

/** What was built and declared of one container, of the image and the manifest that are known of it. */
export function releaseFacts({ image, container, workload, object }: ReleaseParts): ReleaseFacts {
  const declared = container === undefined ? undefined : at(object, container.pointer);
  const { release, config } = image ?? {};
  const command = texts(declared?.['command']);
  const parameters = texts(declared?.['args']);
  const variables = list(declared?.['env']).flatMap(variableOf);
  const valued = variables.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const environment = [
    ...Object.entries(release?.environment ?? {}),
    ...variables.map(({ name, value, from }): [string, string] => [name, behaviourDigest(value ?? `from ${from}`)]),
  ];
  const user = container?.security.runAsUser?.toString() ?? config?.user;
  const facts: Omit<ReleaseFacts, 'id'> = {
    ...(image !== undefined && { imageDigest: image.id }),
    filesKnown:
      release !== undefined && release.omitted === 0 && !image?.unknowns.some(({ code }) => UNREAD.test(code)),
    files: image === undefined ? [] : filesOf(image),
    components: componentsOf(image),
    entrypoint: command.length > 0 ? command : (config?.entrypoint ?? []),
    command: command.length > 0 || parameters.length > 0 ? parameters : (config?.command ?? []),
    searchPath: release?.searchPath ?? [],
    ...(user !== undefined && user !== '' && { user }),
    ports: unique([...(config?.exposedPorts ?? []).map(spellPort), ...(container?.ports ?? []).map(portOf)]),
    mounts: (container?.mounts ?? [])
      .map(({ path, readOnly }) => ({ path, readOnly }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    environment: recordOf(environment),
    peers: unique([...(release?.peers ?? []), ...namedPeers(valued, [...command, ...parameters])]),
    probes: unique(PROBES.flatMap((name) => probeOf(at(declared, name), container))),
    capabilities: unique((container?.security.capabilitiesAdded ?? []).map((name) => `CAP_${capabilityName(name)}`)),
    ...(workload !== undefined && { serviceAccount: workload.serviceAccount }),
    limits: recordOf(Object.entries(container?.limits ?? {}).flatMap(limitOf)),
  };
  const named = container?.image || image?.references[0] || image?.target;
  return { id: behaviourDigest(JSON.stringify(facts)), ...(named !== undefined && { image: named }), ...facts };
}

function filesOf({ release, components }: Image): ReleaseFacts['files'] {
  if (release === undefined) return [];
  const { owners } = createOwnership(components);
  const names = new Map(components.map(({ id, name }) => [id, name]));
  return release.files.map((file) => {
    const component = [file.path, ...(file.links ?? [])].flatMap((path) => owners(path))[0];
    const name = component === undefined ? undefined : names.get(component);
    return name === undefined ? file : { ...file, component: name };
  });
}

/** One that is there in several versions has them all, in order. */
function componentsOf(image: Image | undefined): Record<string, string> {
  const versions = new Map<string, Set<string>>();
  for (const { name, version, scope } of image?.components ?? []) {
    if (scope !== 'installed') continue;
    const known = versions.get(name);
    if (known === undefined) versions.set(name, new Set([version]));
    else known.add(version);
  }
  return recordOf(Array.from(versions, ([name, all]): [string, string] => [name, [...all].sort().join(' ')]));
}

function variableOf(variable: Json): (Partial<NamedValue> & { name: string; from?: string })[] {
  if (!isObject(variable) || typeof variable['name'] !== 'string') return [];
  const { name, value, valueFrom } = variable as { name: string; value?: Json; valueFrom?: Json };
  if (typeof value === 'string') return [{ name, value }];
  return [{ name, from: JSON.stringify(valueFrom ?? null) }];
}

const PROBES: (string | number)[][] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

/** Programs that a probe or hook starts, as they are named, or the port that it calls. */
function probeOf(probe: JsonObject | undefined, container: Container | undefined): string[] {
  if (probe === undefined) return [];
  const called = ['httpGet', 'tcpSocket', 'grpc'].flatMap((way) => at(probe, [way])?.['port'] ?? []);
  const ports = called.flatMap((port) => {
    const number = typeof port === 'string' ? container?.ports.find(({ name }) => name === port)?.containerPort : port;
    return typeof number === 'number' ? [`${number}/TCP`] : [];
  });
  return [...startedPrograms(texts(at(probe, ['exec'])?.['command'])), ...ports];
}

function limitOf([resource, written]: [string, string]): [string, number][] {
  const quantity = parseQuantity(written);
  return quantity instanceof Quantity ? [[resource, approximate(quantity)]] : [];
}

const spellPort = (port: string): string => (port.includes('/') ? port.toUpperCase() : `${port}/TCP`);
const portOf = ({ containerPort, protocol }: Container['ports'][number]): string =>
  spellPort(`${containerPort}/${protocol}`);

/** Equal for equal texts, and says nothing of them. */
export function behaviourDigest(text: string): string {
  const bytes = new Uint8Array(3 * text.length + 8);
  return sipHash(KEY, bytes, encoder.encodeInto(text, bytes).written);
}

function at(value: Json | undefined, pointer: readonly (string | number)[]): JsonObject | undefined {
  let found: Json | undefined = value;
  for (const step of pointer) {
    if (typeof step === 'number') found = Array.isArray(found) ? found[step] : undefined;
    else found = isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return isObject(found) ? found : undefined;
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const texts = (value: Json | undefined): string[] => list(value).filter((item) => typeof item === 'string');
const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** In the order of names, and without the one that would change what an object is. */
function recordOf<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const own = entries.filter(([name]) => name !== '__proto__');
  return Object.fromEntries(own.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
