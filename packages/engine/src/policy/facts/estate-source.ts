import type { JsonObject } from '@breakwater/model';

/** An object as facts over several objects look at it. */
export interface EstateSubject {
  /** Without nulls. */
  object: JsonObject | undefined;
  /** Where the object names no namespace itself. */
  namespace: string | undefined;
}

/** Facts that take all objects of a cluster together, beside `estate` and `grants`. */
export const CLUSTER_FACTS = ['exposure', 'network', 'permissions', 'tenancy'] as const;
export type ClusterFactName = (typeof CLUSTER_FACTS)[number];

/** Facts about what surrounds one object. */
export interface Surroundings {
  /** The fact `estate`. */
  readonly view: unknown;
  /** The fact `grants`; undefined where it is not known. */
  readonly grants: unknown;
  /** Another fact of the object; undefined where it is not known, or not worked out here. */
  fact(name: ClusterFactName): unknown;
}

/**
 * Many objects, of which facts tell one object's surroundings. The facts themselves are worked out in `facts/estate`,
 * which is only loaded where objects are at hand.
 */
export interface EstateSource {
  /** Undefined for what is no object. */
  around(subject: EstateSubject): Surroundings | undefined;
}

/** Whether a supplied `estate` is one that knows the object's surroundings, and no plain lists. */
export const isEstateSource = (value: unknown): value is EstateSource =>
  typeof value === 'object' && value !== null && typeof (value as Partial<EstateSource>).around === 'function';
