import { joinTraces } from '../trace/join-traces.ts';
import type { Trace } from '../trace/read-trace.ts';
import { withoutAttacked } from '../trace/without-attacked.ts';
import { AllowList } from './allow-list.ts';
import { judgeTrace, type Outcome, type TraceVerdict } from './judge-trace.ts';
import { Learned } from './learned.ts';
import { Rules } from './rules.ts';
import type { Judged } from './table.ts';
import type { Watcher } from './watcher.ts';

/** Hours in which one false alert is borne: what recordings of hours can settle. */
export const BUDGET_HOURS = 6;

const BUDGET = { alerts: 1, hours: BUDGET_HOURS };

/**
 * Judges recordings as one, which goes on after each pause, by all that is compared: as if the first wave of attacks had
 * not been, which comes while everything is learned, and once more by the model alone with it.
 */
export async function judgeRecordings(recordings: readonly Trace[]): Promise<Judged> {
  const whole = joinTraces(recordings);
  const trace = withoutAttacked(whole, secondWave(whole));
  const learned = await Learned.open(trace, BUDGET);
  const rules = await Rules.open('rules only', ['Critical', 'Error', 'Warning', 'Notice']);
  const grave = await Rules.open('rules only, high and critical', ['Critical', 'Error']);
  const lists = [new AllowList(60, false), new AllowList(60, true), new AllowList(10, true)];
  const verdict = judgeTrace(trace, [learned, grave, rules, ...lists]);
  const attacked = judgeTrace(whole, [await Learned.open(whole, BUDGET)]);
  return { recordings: recordings.length, trace, learned, verdict: withBoth(verdict, learned, grave), attacked };
}

/** Attacks that so long after others begin are a wave of their own. */
const APART = 10 * 60_000;

/** When the second wave of attacks begins; the beginning of time where there is one only. */
function secondWave({ attacks }: Trace): string {
  const times = attacks.map(({ from }) => Date.parse(from)).sort((a, b) => a - b);
  const at = times.findIndex((time, index) => index > 0 && time - times[index - 1]! > APART);
  return at < 0 ? '' : new Date(times[at]!).toISOString();
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
  for (const { detected, stopped } of attacks) {
    if (stopped.has(one.name)) stopped.add(watcher.name);
    const times = [one, other].flatMap(({ name }) => detected.get(name) ?? []);
    if (times.length > 0) detected.set(watcher.name, Math.min(...times));
  }
  return { ...rest, attacks, outcomes: outcomes.toSpliced(1, 0, union) };
}
