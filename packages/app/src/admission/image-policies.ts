import { podSpecPath } from '@breakwater/engine/inventory';
import type { CompiledPolicy, Outcome, PolicySubject } from '@breakwater/engine/policy';
import { isObject, type Json, type JsonObject } from '@breakwater/model';
import type { ImageVerdict } from './snapshot.ts';

/** Kinds that run containers. */
export const POD_KINDS: readonly string[] = [
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
];

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/**
 * A policy on images as one on what runs them: it says what was said of each container's image when that was judged.
 * An image that was never judged leaves it undecided.
 */
export function onRunningImages(
  compiled: CompiledPolicy,
  find: (reference: string) => ImageVerdict | undefined,
): CompiledPolicy {
  const { name } = compiled.policy.metadata;
  return {
    ...compiled,
    about: 'workload',
    kinds: new Set(POD_KINDS),
    judge: (_, subject) =>
      containersOf(subject).flatMap(({ container, pointer }) => {
        const reference = typeof container['image'] === 'string' ? container['image'] : '';
        return outcomesOf(name, reference, find(reference)).map(({ ids, ...outcome }) => ({
          ...outcome,
          element: {
            name: typeof container['name'] === 'string' ? container['name'] : reference,
            value: { image: reference, id: ids[0], aliases: ids },
            pointer,
          },
        }));
      }),
  };
}

function outcomesOf(
  policy: string,
  reference: string,
  image: ImageVerdict | undefined,
): (Omit<Outcome, 'element'> & { ids: string[] })[] {
  if (image === undefined) {
    const message = `image ${reference} was not judged yet`;
    return [{ verdict: 'unknown', message, missing: ['image'], ids: [] }];
  }
  return image.results
    .filter((result) => result.policy === policy)
    .map(({ verdict, message, vulnerabilities }) => ({
      verdict,
      message: `${message}, in image ${reference}`,
      missing: verdict === 'unknown' ? ['image'] : [],
      ids: vulnerabilities,
    }));
}

function containersOf({ object }: PolicySubject): { container: JsonObject; pointer: (string | number)[] }[] {
  const path =
    object &&
    podSpecPath({ ...NOWHERE, apiVersion: textOf(object['apiVersion']), kind: textOf(object['kind']), object });
  if (!object || path === undefined) return [];
  let spec: Json | undefined = object;
  for (const step of path) spec = isObject(spec) && Object.hasOwn(spec, step) ? spec[step] : undefined;
  if (!isObject(spec)) return [];
  return LISTS.flatMap((list) => {
    const written = (spec as JsonObject)[list];
    if (!Array.isArray(written)) return [];
    return written.flatMap((container, index) =>
      isObject(container) ? [{ container, pointer: [...path, list, index] }] : [],
    );
  });
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const NOWHERE = { namespace: '', name: '', cluster: '', place: { source: '' } };
