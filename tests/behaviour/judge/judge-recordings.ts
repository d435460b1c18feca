import type { Trace } from '../trace/read-trace.ts';
import { AllowList } from './allow-list.ts';
import { judgeTrace } from './judge-trace.ts';
import { Learned } from './learned.ts';
import { Rules } from './rules.ts';
import type { Judged } from './table.ts';

/** Hours in which one false alert is borne: what recordings of hours can settle. */
export const BUDGET_HOURS = 6;

/** Judges recordings, each from the beginning, by all that is compared. */
export async function judgeRecordings(recordings: Iterable<{ name: string; trace: Trace }>): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const { name, trace } of recordings) {
    const learned = new Learned(trace, { alerts: 1, hours: BUDGET_HOURS });
    const others = [new AllowList(60, false), new AllowList(60, true), new AllowList(10, true), await Rules.open()];
    judged.push({ name, trace, learned, verdict: judgeTrace(trace, [learned, ...others]) });
  }
  return judged;
}
