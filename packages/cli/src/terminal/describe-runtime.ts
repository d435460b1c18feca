import type { ScannedRuntime, ScannedTarget, VulnerabilityMatch } from '@breakwater/model';
import { countOf } from './count-of.ts';
import { dim, green, plain, red, yellow } from './style.ts';
import { wrapText } from './table.ts';

const WHICH: Readonly<Record<ScannedRuntime['by'], string>> = {
  digest: 'this image',
  reference: 'an image of this name',
  release: 'an earlier release',
};

/** Lines on how an image ran: what of its vulnerable components was loaded, as of when, and whether all of it was seen. */
export function describeRuntime({ runtime, vulnerabilities }: ScannedTarget, width: number): string[] {
  if (runtime === undefined) return [];
  const vulnerable = new Set(vulnerabilities.map(({ component }) => component));
  const states = [...vulnerable].map((component) => runtime.components[component]?.state);
  const loaded = states.filter((state) => state === 'loaded' || state === 'executed').length;
  const when = `${runtime.until.slice(0, 16).replace('T', ' ')} UTC`;
  const counted =
    vulnerable.size === 0
      ? 'nothing in it is known to be vulnerable'
      : `${loaded} of ${countOf(vulnerable.size, 'vulnerable component')} were loaded`;
  const how = runtime.isComplete ? 'complete' : `partial: ${runtime.note ?? 'not all was seen'}`;
  const line = `in production as of ${when} (${WHICH[runtime.by]}): ${counted}, ${how}`;
  return wrapText(plain(line), width - 2).map((text) => `  ${runtime.isComplete ? text : yellow(text)}`);
}

/** Whether the component of a vulnerability was loaded, in a word or two; empty where nobody can tell. */
export function ranMark({ component }: VulnerabilityMatch, runtime: ScannedRuntime | undefined): string {
  const state = runtime?.components[component]?.state;
  if (state === 'loaded' || state === 'executed') return red(state);
  return state === 'not-seen' ? green('never loaded') : runtime === undefined ? '' : dim('not known to run');
}
