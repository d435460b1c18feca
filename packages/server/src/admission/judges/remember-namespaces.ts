import { type Answers, type Lookups, noAnswers } from '@breakwater/app/admission';
import type { JsonObject } from '@breakwater/model';

/** Namespaces that the API server told of lately, so that not every request in them is judged twice. */
export interface RememberedNamespaces {
  /** Answers to one review, and beside them what is remembered. */
  beside(answers: Answers | undefined): Lookups;
}

/** Milliseconds. */
const KEPT = 5_000;
const MOST_KEPT = 5_000;
const NAMESPACE = '{"what":"object","kind":"Namespace",';

const NO_ANSWERS = noAnswers();

/** @param now milliseconds. */
export function rememberNamespaces(now: () => number): RememberedNamespaces {
  const kept = new Map<string, { until: number; object: JsonObject }>();
  const remember = (answers: Answers): void => {
    for (const [key, object] of answers.objects) {
      if (object === null || !key.startsWith(NAMESPACE)) continue;
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, { until: now() + KEPT, object });
    }
  };
  return {
    beside(answers = NO_ANSWERS) {
      if (answers.objects.size > 0) remember(answers);
      const get = (key: string): JsonObject | null | undefined => {
        const answer = answers.objects.get(key);
        if (answer !== undefined) return answer;
        const known = kept.get(key);
        return known !== undefined && known.until > now() ? known.object : undefined;
      };
      return { permissions: answers.permissions, objects: { get } };
    },
  };
}
