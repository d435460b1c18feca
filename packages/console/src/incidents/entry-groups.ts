import type { IncidentEntry } from '@breakwater/model';

/** Entries that stand together: the first is told, those like it when one asks. */
export interface EntryGroup {
  first: IncidentEntry;
  more: IncidentEntry[];
}

/** A run of so many is told as one: fewer are read faster than a button is found. */
const TOLD_AS_ONE = 4;

/** Runs of entries that say the same of other objects are one each; nothing changes its place in time. */
export function groupEntries(entries: readonly IncidentEntry[]): EntryGroup[] {
  const runs: IncidentEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const [before] = run ?? [];
    if (run !== undefined && before !== undefined && likeness(before) === likeness(entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs.flatMap((run) => {
    const [first, ...more] = run;
    if (first === undefined || run.length < TOLD_AS_ONE) return run.map((one) => ({ first: one, more: [] }));
    return [{ first, more }];
  });
}

/** What people did stands for itself. */
function likeness({ kind, policy, behaviour, subject, prevention, time, sentence }: IncidentEntry): string {
  const own = kind === 'response' || kind === 'feedback' ? `${time} ${sentence}` : '';
  return [kind, policy, behaviour?.dimension, behaviour?.actor, subject, prevention, own].join('\0');
}
