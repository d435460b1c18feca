import type { Entry } from './entry.ts';
import type { Model } from './model.ts';
import { relearn } from './witnesses.ts';

/** Watched days after which what was not seen fades, where so many releases came since; and after which it does without. */
const FADES = { days: 190, releases: 3, withoutReleases: 400 };
const HOURS = 24;

/**
 * Counts an hour that was watched; with each day of them, what was not seen for very long is no longer known: the application
 * that did so is not this one any more, and its room is another's. Days are counted as they were watched, so that no clock
 * that jumps makes anything old. What somebody declared, recorded or answers for stays, and so does what an incident holds.
 */
export function forgetAfterHour(model: Model, hoursBefore: number, minute: number): void {
  const { hours, days, table } = model;
  if (hours.count === hoursBefore || hours.count % HOURS !== 0) return;
  days.push(minute);
  if (days.length > FADES.withoutReleases) days.shift();
  const [old, older] = [days.at(-FADES.days), days.length >= FADES.withoutReleases ? days[0]! : -1];
  if (old === undefined) return;
  const since = releaseBefore(model);
  const gone = [...table.values()].filter(
    (entry) => mayFade(entry) && (entry.last < older || (entry.last < old && entry.last < since)),
  );
  for (const entry of gone) table.remove(entry);
  if (gone.length > 0) relearn(model);
}

/** When the last few releases began to come; -1 where there were not as many. */
function releaseBefore({ releases }: Model): number {
  const newestFirst = releases.all().sort((a, b) => b.number - a.number);
  return newestFirst[FADES.releases - 1]?.since ?? -1;
}

const mayFade = ({ isPrior, origin, incidents, last }: Entry): boolean =>
  last >= 0 && !isPrior && incidents.length === 0 && origin !== 'accepted';
