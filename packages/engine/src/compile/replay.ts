import type { Behaviour } from '@breakwater/model';
import type { Confinement } from './compile-target.ts';

/** A behaviour, and how often it was seen. */
export interface Observed {
  behaviour: Behaviour;
  count: number;
}

/** What a target would have done with what was recorded. */
export interface Replay {
  /** Behaviours, each as often as it was seen. */
  observed: number;
  /** Those that the target looks at. */
  judged: number;
  /** What it would have refused, most often seen first; `observed` counts these too. */
  refused: Observed[];
}

/** Judges recorded behaviours by a compiled profile: what would have been refused if it had been in force. */
export function replay(confinement: Pick<Confinement, 'judge'>, recorded: Iterable<Observed>): Replay {
  const result: Replay = { observed: 0, judged: 0, refused: [] };
  for (const { behaviour, count } of recorded) {
    result.observed += count;
    const judgement = confinement.judge(behaviour);
    if (judgement === 'open') continue;
    result.judged += count;
    if (judgement === 'refused') result.refused.push({ behaviour, count });
  }
  result.refused.sort((a, b) => b.count - a.count);
  return result;
}
