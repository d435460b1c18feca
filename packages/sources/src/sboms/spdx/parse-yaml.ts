import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { objectOf } from '../bill/fields.ts';

/**
 * An SPDX document in YAML as an object; undefined where it is none. Every value stays a text: a version `1.10` is no
 * number.
 */
export function parseYaml(text: string): Record<string, unknown> | undefined {
  try {
    return objectOf(load(text, { schema: FAILSAFE_SCHEMA }));
  } catch {
    return undefined;
  }
}
