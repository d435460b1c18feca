import type { EstateMap } from '@breakwater/model';

/** What each box is called in a sentence: groups with their namespace, as they stand apart from its column. */
export function labelsOf({ boxes }: EstateMap): Map<string, string> {
  return new Map(
    boxes.map(({ id, kind, namespace, label }) => [
      id,
      kind === 'workloads' && namespace !== '' ? `${namespace} / ${label}` : label,
    ]),
  );
}
