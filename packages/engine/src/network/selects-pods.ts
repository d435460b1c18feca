import type { Json } from '@breakwater/model';
import { InvalidPolicy, parseSelector, selects } from './selector.ts';

/** Whether a LabelSelector, as it is written, selects pods of these labels; one that is not valid may select any. */
export function selectsPods(selector: Json | undefined, labels: Readonly<Record<string, string>>): boolean {
  try {
    return selects(parseSelector(selector, 'podSelector'), new Map(Object.entries(labels)));
  } catch (error) {
    if (error instanceof InvalidPolicy) return true;
    throw error;
  }
}
