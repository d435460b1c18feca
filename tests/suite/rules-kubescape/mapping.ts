import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A list of the user that a parameter of ours takes: whole, or its one value with `single`. */
const SettingTarget = z.union([z.string(), z.strictObject({ param: z.string(), single: z.literal(true) })]);

/** What of ours says the same as a rule of theirs, and how it is set to mean exactly that. */
const Counterpart = z.strictObject({
  /** Names of our policies: what any of them refuses, the rule reports. */
  policies: z.array(z.string()).min(1),
  /** Parameters, by policy. */
  params: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Their settings, each with the parameter of ours that takes it. */
  settings: z.record(z.string(), SettingTarget).default({}),
  /** The rule looks at nothing else. */
  kinds: z.array(z.string()).optional(),
  namespaces: z.array(z.string()).optional(),
  /** Only results whose message has one of these: for a policy that says more. */
  mentions: z.array(z.string()).optional(),
  /** Facts about the cluster, each with the parameter of ours that takes it, as a list of one. */
  clusterData: z.record(z.string(), z.string()).default({}),
  /** The rule reports only where every object that our policies are about fails. */
  unanimous: z.boolean().default(false),
});
export type Counterpart = z.infer<typeof Counterpart>;

const Mapping = z.record(z.string(), z.union([z.array(z.string()).min(1), Counterpart]));

const FOLDER = join(import.meta.dirname);

/** Every file of this folder, as one. A rule in two of them is an error: nobody could say which holds. */
export function readMapping(folder = FOLDER): Map<string, Counterpart> {
  const mapping = new Map<string, Counterpart>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const rules = Mapping.parse(parse(readFileSync(join(folder, file), 'utf8'), { merge: true }));
    for (const [rule, counterpart] of Object.entries(rules)) {
      if (mapping.has(rule)) throw new Error(`${file}: ${rule} is mapped twice`);
      mapping.set(rule, Counterpart.parse(Array.isArray(counterpart) ? { policies: counterpart } : counterpart));
    }
  }
  return mapping;
}
