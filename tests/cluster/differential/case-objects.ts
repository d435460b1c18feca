import type { Json, JsonObject, Policy } from '@breakwater/model';
import fc from 'fast-check';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of the cases of policies, each once. */
export function objectsOfCases(policies: readonly Policy[]): JsonObject[] {
  const texts = policies
    .flatMap(({ spec }) => spec.cases.map(({ given }) => given['object']))
    .filter(isObject)
    .filter((object) => typeof object['kind'] === 'string')
    .map((object) => JSON.stringify(object));
  return [...new Set(texts)].map((text) => JSON.parse(text) as JsonObject);
}

const WORDS = [
  '',
  'a',
  'default',
  'NodePort',
  'LoadBalancer',
  'http',
  '*',
  'true',
  'nginx:latest',
  'cluster-admin',
  'Group',
];
const NUMBERS = [0, 1, 80, 443, 8080, 65_535];

/** An object with some of its leaves changed or taken out. */
export const mutated = (objects: readonly JsonObject[]): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(fc.constantFrom(...objects), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }))
    .map(([object, changes]) => {
      const copy = structuredClone(object);
      for (const [place, change] of changes) mutate(copy, place, change);
      return copy;
    });

interface Leaf {
  holder: Json[] | JsonObject;
  key: string | number;
}

function mutate(object: JsonObject, place: number, change: number): void {
  const leaves = leavesOf(object);
  const leaf = leaves[place % Math.max(1, leaves.length)];
  if (leaf === undefined) return;
  const { holder, key } = leaf as { holder: Record<string | number, Json>; key: string };
  const value = holder[key];
  if (change % 3 === 0) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else if (typeof value === 'boolean') holder[key] = !value;
  else if (typeof value === 'number') holder[key] = NUMBERS[change % NUMBERS.length] ?? 0;
  else holder[key] = WORDS[change % WORDS.length] ?? '';
}

/** What stands at the ends of an object, below its kind and name. */
function leavesOf(object: JsonObject): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (holder: Json[] | JsonObject): void => {
    for (const key of Object.keys(holder)) {
      const value = (holder as JsonObject)[key];
      if (holder === object && (key === 'kind' || key === 'apiVersion')) continue;
      if (typeof value === 'object' && value !== null) walk(value as Json[] | JsonObject);
      else leaves.push({ holder, key });
    }
  };
  walk(object);
  return leaves;
}

/** What API servers want of an object and cases leave out, filled in. */
export function complete(object: JsonObject): JsonObject {
  const { kind } = object;
  const whole: JsonObject = { ...object, metadata: { ...(object['metadata'] as JsonObject) } };
  if (kind === 'Pod') return isObject(object['spec']) ? { ...whole, spec: completePod(object['spec']) } : whole;
  if (kind === 'PodTemplate' && isObject(object['template']))
    return { ...whole, template: completeTemplate(object['template']) };
  if (!isObject(object['spec'])) return whole;
  const spec = { ...object['spec'] };
  if (isObject(spec['template'])) {
    const isJob = kind === 'Job';
    spec['template'] = completeTemplate(spec['template'], isJob);
    if (!isJob) spec['selector'] = kind === 'ReplicationController' ? { app: 'app' } : { matchLabels: { app: 'app' } };
    if (kind === 'StatefulSet') spec['serviceName'] ??= 'app';
  }
  if (kind === 'CronJob') {
    const job = spec['jobTemplate'];
    const inner = isObject(job) && isObject(job['spec']) && isObject(job['spec']['template']) ? job['spec'] : undefined;
    if (inner !== undefined)
      spec['jobTemplate'] = { spec: { ...inner, template: completeTemplate(inner['template'] as JsonObject, true) } };
    spec['schedule'] ??= '0 3 * * *';
  }
  if (kind === 'Service') spec['ports'] ??= [{ port: 443 }];
  if (kind === 'Ingress' && spec['rules'] === undefined) {
    spec['defaultBackend'] ??= { service: { name: 'app', port: { number: 80 } } };
  }
  return { ...whole, spec };
}

function completeTemplate(template: JsonObject, restarts = false): JsonObject {
  const metadata = isObject(template['metadata']) ? template['metadata'] : {};
  const labels = isObject(metadata['labels']) ? metadata['labels'] : {};
  const spec = isObject(template['spec']) ? completePod(template['spec']) : template['spec'];
  return {
    ...template,
    metadata: { ...metadata, labels: { ...labels, app: 'app' } },
    spec: restarts && isObject(spec) ? { ...spec, restartPolicy: 'Never' } : (spec as JsonObject),
  };
}

function completePod(spec: JsonObject): JsonObject {
  const fill = (list: Json | undefined, prefix: string): Json =>
    Array.isArray(list)
      ? list.map((container, index) =>
          isObject(container)
            ? { ...container, name: `${prefix}-${index}`, image: container['image'] ?? 'app:1' }
            : container,
        )
      : (list as Json);
  return {
    ...spec,
    ...(spec['containers'] === undefined ? {} : { containers: fill(spec['containers'], 'main') }),
    ...(spec['initContainers'] === undefined ? {} : { initContainers: fill(spec['initContainers'], 'init') }),
  };
}
