import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Policies on events that say the same, policies on objects that do, or why nothing does. */
const Counterpart = z.union([
  z.array(z.string()).min(1),
  z.strictObject({ objects: z.array(z.string()).min(1) }),
  z.strictObject({ cannot: z.string().min(1) }),
]);
export type Counterpart = z.infer<typeof Counterpart>;

/** What of ours says what the rules of another system say, by the rule's name. */
export function readMapping(system: 'falco' | 'tracee'): Record<string, Counterpart> {
  const text = readFileSync(join(import.meta.dirname, `${system}.yaml`), 'utf8');
  return z.record(z.string(), Counterpart).parse(parse(text));
}

/** Policies on events that say the same; none where others do or nobody does. */
export const policiesFor = (counterpart: Counterpart | undefined): string[] =>
  Array.isArray(counterpart) ? counterpart : [];
