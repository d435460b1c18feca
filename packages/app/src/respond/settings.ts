import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import { z } from 'zod';

/** What responses are held to. `respond.json` in the state folder. */
export const RespondSettings = z.strictObject({
  /** Which need a second person before they are done. */
  secondPerson: z.enum(['never', 'destructive', 'always']).default('never'),
  /** Responses in an hour. */
  mostPerHour: z.number().int().min(1).default(10),
  /** Responses to one target in an hour. */
  mostPerTarget: z.number().int().min(1).default(3),
  /** Nothing in them is ever touched. */
  protectedNamespaces: z
    .array(z.string())
    .default(['kube-system', 'kube-public', 'kube-node-lease', 'breakwater', 'breakwater-system']),
  /** Minutes for which a request waits for a second person. */
  waits: z.number().int().min(1).default(60),
});
export type RespondSettings = z.infer<typeof RespondSettings>;

/** Reads the settings of a state folder; the usual ones where there are none. @throws {UserError} where they are wrong */
export function readRespondSettings(state: string): RespondSettings {
  const path = join(state, 'respond.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return RespondSettings.parse({});
    throw new UserError(`${path} cannot be read.`, { code: 'settings-unreadable', cause: error });
  }
  try {
    return RespondSettings.parse(JSON.parse(text));
  } catch (cause) {
    const said =
      cause instanceof z.ZodError ? `${cause.issues[0]?.path.join('.')}: ${cause.issues[0]?.message}` : 'no JSON';
    throw new UserError(`${path}: ${said}`, { code: 'settings-invalid', cause });
  }
}
