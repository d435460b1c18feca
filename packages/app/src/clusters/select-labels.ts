import { parseSelector, type Selector, selects } from '@breakwater/engine/network';
import type { Json, ManifestObject } from '@breakwater/model';

/** Whether a selector of plain labels, as Services have it, selects: an empty one selects nothing. */
export function selectsLabels(selector: Record<string, string>, labels: Record<string, string>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** A selector with expressions as a question; undefined where it is none that Kubernetes would take. */
export function labelTest(
  selector: Json | undefined,
  { kind, name }: ManifestObject,
): ((labels: Record<string, string>) => boolean) | undefined {
  let parsed: Selector;
  try {
    parsed = parseSelector(selector, `${kind} ${name}`);
  } catch {
    return undefined;
  }
  return (labels) => selects(parsed, new Map(Object.entries(labels)));
}
