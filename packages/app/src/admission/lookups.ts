import { type Authorization, type AuthorizationAnswer, CelUnknown, type Failure } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';

/** What judging a request would have needed and did not have. Whoever can asks the API server and judges again. */
export type Asked =
  | { what: 'permission'; asked: Authorization }
  | { what: 'object'; kind: 'Namespace' | 'Pod'; namespace: string; name: string };

/** Finds answers to what was asked, by `askedKey`. */
export interface Lookups {
  permissions: Pick<ReadonlyMap<string, AuthorizationAnswer>, 'get'>;
  /** Null where there is no such object. */
  objects: Pick<ReadonlyMap<string, JsonObject | null>, 'get'>;
}

/** Answers to what one judging asked. What could not be looked up is left out. */
export interface Answers {
  permissions: Map<string, AuthorizationAnswer>;
  objects: Map<string, JsonObject | null>;
}

/** No answers yet. */
export const noAnswers = (): Answers => ({ permissions: new Map(), objects: new Map() });

export const NO_LOOKUPS: Lookups = noAnswers();

/** What tells a question from every other. */
export const askedKey = (asked: Asked): string => JSON.stringify(asked);

/** Gathers what one judging asks for, each once, and answers from what is known already. */
export class Questions {
  readonly asked = new Map<string, Asked>();
  readonly #known: Lookups;

  constructor(known: Lookups) {
    this.#known = known;
  }

  permission(asked: Authorization): AuthorizationAnswer | Failure {
    const question: Asked = { what: 'permission', asked };
    const key = askedKey(question);
    const answer = this.#known.permissions.get(key);
    if (answer !== undefined) return answer;
    this.asked.set(key, question);
    return new CelUnknown(['authorizer']);
  }

  /** Undefined while it is not known, null where there is none. */
  object(kind: 'Namespace' | 'Pod', namespace: string, name: string): JsonObject | null | undefined {
    const question: Asked = { what: 'object', kind, namespace, name };
    const key = askedKey(question);
    const answer = this.#known.objects.get(key);
    if (answer === undefined) this.asked.set(key, question);
    return answer;
  }
}
