import { CelUnknown, type Value } from '../../cel/index.ts';
import type { Facts } from '../../facts/facts.ts';
import { podSpecPointer } from '../../facts/workload.ts';
import { isRecord, listOf, recordOf, textOf } from '../../loose-values.ts';
import type { JudgedRequest } from '../judged-request.ts';
import { LibraryLookup } from './libraries.ts';

/** Names of the libraries' variables. */
export const LIBRARY_VARIABLES = [
  'resource',
  'image',
  'globalContext',
  'http',
  'images',
  'exceptions',
  'json',
] as const;

/**
 * What Kyverno's libraries answer from: objects in view, images' metadata that the caller has (the fact
 * `imageMetadata`, by reference), and nothing of the network.
 */
export function libraryFacts(
  facts: Facts,
  subject: Readonly<Record<string, unknown>>,
  request: JudgedRequest,
  exceptions: { allowedImages: readonly string[]; allowedValues: readonly string[] },
): Record<(typeof LIBRARY_VARIABLES)[number], unknown> {
  const nothing = (name: string): LibraryLookup => new LibraryLookup(name, () => undefined);
  const globalContext = recordOf(subject['globalContext']);
  return {
    resource: new LibraryLookup('resource', (method, operands) => findResource(request, method, operands)),
    image: new LibraryLookup('image', (_, [reference]) => metadataOf(subject['imageMetadata'], reference)),
    globalContext: new LibraryLookup('globalContext', (_, [name]) =>
      Object.hasOwn(globalContext, textOf(name)) ? (globalContext[textOf(name)] as Value) : undefined,
    ),
    http: nothing('http'),
    images: imagesOf(facts, request),
    exceptions,
    json: nothing('json'),
  };
}

/** Only what is in view is found: what is not may exist all the same. */
function findResource(request: JudgedRequest, method: string, operands: readonly Value[]): Value | undefined {
  const [apiVersion, resource, namespace, name] = operands.map(textOf);
  if (method !== 'Get' && method !== 'List') return undefined;
  const query = { apiVersion, resource: resource?.split('/')[0], ...(namespace ? { namespace } : {}) };
  const found = request.find(method === 'Get' ? { ...query, name } : query);
  if (method === 'Get') return found?.[0];
  const labels = operands[3];
  if (found === undefined) return undefined;
  return { items: isRecord(labels) ? found.filter((object) => hasLabels(object, labels)) : found };
}

function hasLabels(object: Readonly<Record<string, unknown>>, wanted: Record<string, unknown>): boolean {
  const labels = recordOf(recordOf(object['metadata'])['labels']);
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function metadataOf(known: unknown, reference: Value | undefined): Value | undefined {
  const images = recordOf(known);
  const name = textOf(reference);
  return Object.hasOwn(images, name) ? (images[name] as Value) : undefined;
}

/** Images of the pod by the list that their containers stand in. */
function imagesOf({ object }: Facts, { kind }: JudgedRequest): unknown {
  const pointer = podSpecPointer(kind);
  if (object === undefined || pointer === undefined) return new CelUnknown(['images']);
  const spec = recordOf(pointer.reduce<unknown>((value, step) => recordOf(value)[step], object));
  const imagesIn = (list: string): unknown[] =>
    listOf(spec[list]).map((container) => recordOf(container)['image'] ?? null);
  return {
    containers: imagesIn('containers'),
    initContainers: imagesIn('initContainers'),
    ephemeralContainers: imagesIn('ephemeralContainers'),
  };
}
