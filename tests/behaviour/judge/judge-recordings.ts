import type { Trace } from '../trace/read-trace.ts';
import { AllowList } from './allow-list.ts';
import { judgeTrace, type Outcome, type TraceVerdict } from './judge-trace.ts';
import { Learned } from './learned.ts';
import { Rules } from './rules.ts';
import type { Judged } from './table.ts';
import type { Watcher } from './watcher.ts';

/** Hours in which one false alert is borne: what recordings of hours can settle. */
export const BUDGET_HOURS = 6;

/** Judges recordings, each from the beginning, by all that is compared. */
export async function judgeRecordings(recordings: Iterable<{ name: string; trace: Trace }>): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const { name, trace } of recordings) {
    const learned = new Learned(trace, { alerts: 1, hours: BUDGET_HOURS });
    const rules = await Rules.open('rules only', ['Critical', 'Error', 'Warning', 'Notice']);
    const grave = await Rules.open('rules only, high and critical', ['Critical', 'Error']);
    const lists = [new AllowList(60, false), new AllowList(60, true), new AllowList(10, true)];
    const verdict = judgeTrace(trace, [learned, grave, rules, ...lists]);
    judged.push({ name, trace, learned, verdict: withBoth(verdict, learned, grave) });
  }
  return judged;
}

/** The product: what is learned, and rules of grave things, as one. */
function withBoth({ outcomes, attacks, ...rest }: TraceVerdict, one: Watcher, other: Watcher): TraceVerdict {
  const both = outcomes.filter(({ watcher }) => watcher === one || watcher === other);
  const watcher = { ...one, name: `${one.name} and ${other.name.replace(' only', '')}` } as Watcher;
  const union: Outcome = {
    watcher,
    falseAlerts: both.flatMap(({ falseAlerts }) => falseAlerts),
    falseBlocks: both.flatMap(({ falseBlocks }) => falseBlocks),
  };
  for (const { detected } of attacks) {
    const times = [one, other].flatMap(({ name }) => detected.get(name) ?? []);
    if (times.length > 0) detected.set(watcher.name, Math.min(...times));
  }
  return { ...rest, attacks, outcomes: outcomes.toSpliced(1, 0, union) };
}
