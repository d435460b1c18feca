import { type CompiledPolicy, Failure, type Outcome, POD_KINDS } from '@breakwater/engine/policy';
import type { ImageVerdict } from './snapshot.ts';

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
    judge(facts) {
      const containers = facts.elements('containers');
      if (containers instanceof Failure)
        return [{ verdict: 'unknown', message: 'its containers are not known', missing: ['containers'] }];
      return containers.flatMap((container) => {
        const { value, pointer } = container;
        const { image } = value;
        const reference = typeof image === 'string' ? image : '';
        return outcomesOf(name, reference, find(reference)).map(({ ids, ...outcome }) => ({
          ...outcome,
          element: { name: container.name, pointer, value: { image: reference, id: ids[0], aliases: ids } },
        }));
      });
    },
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
