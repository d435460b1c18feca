import { byNeed, summariseProfile } from '@breakwater/app/profile-views';
import { DIMENSIONS, type LearnedProfile, type ProfileRelease } from '@breakwater/model';
import { EXIT } from '../command.ts';
import { behaviourColumns } from '../terminal/behaviour-words.ts';
import { countOf } from '../terminal/count-of.ts';
import { amountOf, resourceRows } from '../terminal/resource-words.ts';
import { bold, dim, green, plain, red, yellow } from '../terminal/style.ts';
import { alignColumns, outputWidth, wrapText } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';

/** Behaviours of one kind, and changes of one release, that are shown on a page for people. */
const MOST_ROWS = 40;
const MOST_CHANGES = 12;
const NOTHING = 'Nothing was learned yet: breakwater sensor --learn does on this host, breakwater up from its sensors.';
const BARS = '▁▂▃▄▅▆▇█';
const MOST_BARS = 48;

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

/** What was learned, a line each: those with something to decide first. */
export function listLearned(profiles: readonly LearnedProfile[], output: 'table' | 'json'): number {
  const summaries = profiles.map(summariseProfile).sort(byNeed);
  if (output === 'json') writeJson(summaries);
  else if (summaries.length === 0) say([NOTHING]);
  else {
    const rows = summaries.map(
      ({ subject, container = '', settled, seen, behaviours, pending, releases, last = '' }) => [
        plain(subject),
        plain(container),
        settled === seen && seen > 0 ? green(`${settled}/${seen}`) : `${settled}/${seen}`,
        String(behaviours),
        pending > 0 ? yellow(String(pending)) : '0',
        String(releases),
        dim(last.slice(0, 16)),
      ],
    );
    const head = ['SUBJECT', 'CONTAINER', 'SETTLED', 'KNOWN', 'PENDING', 'RELEASES', 'LAST'].map(dim);
    say(alignColumns([head, ...rows], [3, 4, 5]));
  }
  return EXIT.passed;
}

/**
 * How sure each dimension is. Ends with 1 where one that is seen is not settled: blocking does not arm itself there. What
 * nobody sees is not known, and so it is where nothing was learned.
 */
export function showSettled(profiles: readonly LearnedProfile[], output: 'table' | 'json'): number {
  if (output === 'json')
    writeJson(
      profiles.map(({ subject, container, budget, dimensions }) => ({ subject, container, budget, dimensions })),
    );
  else if (profiles.length === 0) say([NOTHING]);
  else for (const profile of profiles) say([titleOf(profile), ...settledLines(profile), '']);
  if (profiles.length === 0) return EXIT.unknown;
  const isSettled = profiles.every(
    ({ dimensions }) =>
      dimensions.some(({ isSeen }) => isSeen) && dimensions.every((one) => !one.isSeen || one.isSettled),
  );
  return isSettled ? EXIT.passed : EXIT.refused;
}

/** Everything that is known of one container, for people. */
export function showLearned(profile: LearnedProfile, output: 'table' | 'json'): number {
  if (output === 'json') writeJson(profile);
  else {
    say([
      titleOf(profile),
      ...growthLines(profile),
      '',
      ...settledLines(profile),
      '',
      ...behaviourLines(profile),
      ...pendingLines(profile),
      ...releaseLines(profile),
      ...resourceLines(profile),
    ]);
  }
  return EXIT.passed;
}

function titleOf({ subject, container, from, until, budget, dropped }: LearnedProfile): string {
  const when =
    from === undefined || until === undefined ? 'nothing was seen yet' : `${minute(from)} to ${minute(until)}`;
  const borne = `${countOf(budget.alerts, 'false alert')} in ${countOf(budget.hours, 'hour')} borne`;
  const lost = dropped > 0 ? red(`  ${countOf(dropped, 'behaviour')} found no room: nothing is settled`) : '';
  return `${bold(plain(subject))}${container === undefined ? '' : ` ${plain(container)}`}  ${dim(`${when}, ${borne}`)}${lost}`;
}

const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** How many were known by the end of each hour or day, as bars: flat is what settles. */
function growthLines({ growth }: LearnedProfile): string[] {
  const last = growth.slice(-MOST_BARS);
  const most = Math.max(1, ...last.map(({ behaviours }) => behaviours));
  if (last.length < 2) return [];
  const bars = last.map(({ behaviours }) => BARS[Math.round((behaviours / most) * (BARS.length - 1))]).join('');
  return [`  ${bars} ${dim(`${most} known, since ${minute(last[0]!.time)}`)}`];
}

function settledLines({ dimensions }: LearnedProfile): string[] {
  const rows = dimensions.map(({ dimension, isSeen, isSettled, behaviours, minutes, partialMinutes, note }) => [
    `  ${dimension}`,
    !isSeen ? dim('not told') : isSettled ? green('settled') : yellow('not yet'),
    dim(`${behaviours} known, ${minutes} min${partialMinutes > 0 ? ` and ${partialMinutes} with losses` : ''}`),
    plain(note),
  ]);
  return alignColumns(rows);
}

function behaviourLines({ behaviours }: LearnedProfile): string[] {
  return DIMENSIONS.flatMap((dimension) => {
    const own = behaviours.filter(({ behaviour }) => behaviour.dimension === dimension);
    if (own.length === 0) return [];
    const rows = own
      .toSorted((a, b) => b.incidences - a.incidences)
      .slice(0, MOST_ROWS)
      .map(({ behaviour, origin, incidences, replicas, reason, expires }) => [
        `  ${behaviourColumns(behaviour)[0]}`,
        behaviourColumns(behaviour)[1],
        origin === 'learned' ? dim(`${incidences} min, ${countOf(replicas, 'replica')}`) : dim(origin),
        dim(plain(`${reason ?? ''}${expires === undefined ? '' : ` (until ${expires.slice(0, 10)})`}`)),
      ]);
    const more = own.length > MOST_ROWS ? [dim(`  and ${own.length - MOST_ROWS} more: --output json has all`)] : [];
    return [bold(dimension), ...alignColumns(rows), ...more, ''];
  });
}

function pendingLines({ pending }: LearnedProfile): string[] {
  if (pending.length === 0) return [];
  const rows = pending.flatMap(({ behaviour, key, reason, last }) => [
    `  ${behaviourColumns(behaviour).join(' ')} ${dim(`${minute(last)}  ${key}`)}`,
    ...wrapText(plain(reason), outputWidth() - 6).map((line) => `      ${line}`),
  ]);
  return [
    yellow(`Pending: ${countOf(pending.length, 'behaviour')} that ${pending.length === 1 ? 'is' : 'are'} not known`),
    ...rows,
    '',
  ];
}

function releaseLines({ releases }: LearnedProfile): string[] {
  return releases.length === 0 ? [] : [bold('releases'), ...releases.flatMap(linesOfRelease), ''];
}

function linesOfRelease({
  facts,
  since,
  minutes,
  replicas,
  difference,
  explained,
  unexplained,
}: ProfileRelease): string[] {
  const name = plain(facts.image ?? facts.imageDigest ?? facts.id);
  const changes = difference?.changes ?? [];
  const more = Math.max(0, changes.length - MOST_CHANGES) + (difference?.unlisted ?? 0);
  const told = changes.slice(0, MOST_CHANGES).map(({ kind, change, name: what, before, after }) => {
    const versions = before !== undefined && after !== undefined ? ` ${plain(before)} to ${plain(after)}` : '';
    return dim(`      ${kind} ${plain(what)} ${change}${versions}`);
  });
  return [
    `  ${name} ${dim(`${facts.id.slice(0, 19)}  since ${minute(since)}, ${minutes} min, ${countOf(replicas, 'replica')}`)}`,
    ...told,
    ...(more > 0 ? [dim(`      and ${countOf(more, 'more change')}`)] : []),
    ...(difference?.incomplete ?? []).map((sentence) => yellow(`      ${plain(sentence)}`)),
    ...explained
      .slice(0, MOST_CHANGES)
      .map(({ behaviour, by }) => `      ${behaviourColumns(behaviour)[0]} ${dim(plain(by))}`),
    ...unexplained
      .slice(0, MOST_CHANGES)
      .map(({ behaviour }) => red(`      unexplained: ${behaviourColumns(behaviour)[0]}`)),
  ];
}

function resourceLines({ resources }: LearnedProfile): string[] {
  if (resources.length === 0) return [];
  const above = resources.flatMap(({ resource, above: replicas = [] }) =>
    replicas.map(({ replica, minutes, usual }) =>
      yellow(
        `  ${resource} of ${plain(replica)} is far above what is usual for ${minutes} minutes: 99 of 100 stay below ${amountOf(resource, usual)}`,
      ),
    ),
  );
  return [bold('resources'), ...alignColumns(resourceRows(resources), [1, 2, 3, 4]), ...above];
}
