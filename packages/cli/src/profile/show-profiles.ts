import { type ReadProfile, readProfiles } from '@breakwater/app/profiles';
import { behaviourText } from '@breakwater/engine/behaviour';
import { type Behaviour, DIMENSIONS, UserError } from '@breakwater/model';
import { EXIT } from '../command.ts';
import { countOf } from '../terminal/count-of.ts';
import { withPlace } from '../terminal/describe-unknowns.ts';
import { amountOf } from '../terminal/resource-words.ts';
import { bold, dim, green, plain, red, yellow } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';

interface Wanted {
  output: 'table' | 'json';
  /** Part of the subject's or container's name. */
  wanted: string | undefined;
  signal: AbortSignal;
}

/** Shows profiles behaviour by behaviour; as JSON a single one stands alone, to be read again. */
export async function showProfiles(files: string[], how: Wanted): Promise<number> {
  const { profiles, isWhole } = await read(files, how);
  if (how.output === 'json')
    writeJson(profiles.length === 1 ? profiles[0]!.profile : profiles.map(({ profile }) => profile));
  else for (const profile of profiles) process.stdout.write(`${describe(profile).join('\n')}\n`);
  return isWhole ? EXIT.passed : EXIT.unknown;
}

/** Shows what one of two does and the other does not; ends with 3 where they differ. */
export async function diffProfiles([before, after]: string[], how: Wanted): Promise<number> {
  const [one, other] = [await read([before!], how), await read([after!], how)];
  const [old, now] = [behavioursIn(one.profiles), behavioursIn(other.profiles)];
  const removed = [...old].filter(([text]) => !now.has(text)).map(([, behaviour]) => behaviour);
  const added = [...now].filter(([text]) => !old.has(text)).map(([, behaviour]) => behaviour);
  const resources = changedResources(one.profiles, other.profiles);
  if (how.output === 'json') writeJson({ removed, added, resources });
  else {
    const line = (mark: string, behaviour: Behaviour): string[] => [mark, behaviour.dimension, ...wordsOf(behaviour)];
    const rows = [...removed.map((one) => line(red('-'), one)), ...added.map((one) => line(green('+'), one))];
    if (rows.length > 0) process.stdout.write(`${alignColumns(rows).join('\n')}\n`);
    const uses = resources.map(({ resource, before, after }) => [
      yellow('~'),
      resource,
      `${amountOf(resource, before)} to ${amountOf(resource, after)} in 99 of 100 minutes`,
    ]);
    if (uses.length > 0) process.stdout.write(`${alignColumns(uses).join('\n')}\n`);
    process.stderr.write(dim(`${countOf(added.length, 'behaviour')} more, ${removed.length} fewer.\n`));
  }
  if (added.length + removed.length + resources.length > 0) return EXIT.differs;
  return one.isWhole && other.isWhole ? EXIT.passed : EXIT.unknown;
}

/** Share by which use has to differ: sketches know it to a few in a hundred. */
const DIFFERS = 0.25;
/** Minutes of replicas: less says nothing of what is usual. */
const ENOUGH = 60;

/** What 99 of 100 minutes stay below, where both learned it and it differs. Nothing where there are several of either. */
function changedResources(
  [one, ...others]: readonly ReadProfile[],
  [two, ...more]: readonly ReadProfile[],
): { resource: string; before: number; after: number }[] {
  if (others.length > 0 || more.length > 0) return [];
  const after = new Map(two?.learned?.resources.map((use) => [use.resource, use]));
  return (one?.learned?.resources ?? []).flatMap(({ resource, samples, p99 }) => {
    const now = after.get(resource);
    if (now === undefined || Math.min(samples, now.samples) < ENOUGH) return [];
    const isAlike = Math.abs(now.p99 - p99) <= DIFFERS * Math.max(now.p99, p99);
    return isAlike ? [] : [{ resource: plain(resource), before: p99, after: now.p99 }];
  });
}

async function read(
  files: string[],
  { wanted, signal }: Wanted,
): Promise<{ profiles: ReadProfile[]; isWhole: boolean }> {
  const { profiles, unknowns } = await readProfiles(files, { signal });
  for (const { message, place } of unknowns.slice(0, 5))
    process.stderr.write(`${yellow('unknown')}  ${withPlace(message, place)}\n`);
  const chosen = profiles.filter(
    ({ profile }) => wanted === undefined || profile.subject.includes(wanted) || profile.container === wanted,
  );
  if (chosen.length > 0) return { profiles: chosen, isWhole: unknowns.length === 0 };
  const there = profiles.map(({ profile }) => profile.subject).slice(0, 5);
  throw new UserError(
    wanted === undefined ? 'No container does anything in there.' : `There is no profile of ${wanted}.`,
    {
      code: 'profile-empty',
      ...(there.length > 0 ? { hint: `There are: ${there.join(', ')}.` } : {}),
    },
  );
}

const behavioursIn = (profiles: readonly ReadProfile[]): Map<string, Behaviour> =>
  new Map(
    profiles.flatMap(({ profile }) => profile.behaviours.map((one): [string, Behaviour] => [behaviourText(one), one])),
  );

function describe({ profile, recorded }: ReadProfile): string[] {
  const { subject, container, from, until, partial, behaviours, dimensions } = profile;
  const when = from === undefined || until === undefined ? profile.origin : `${from} to ${until}`;
  const title = `${bold(plain(subject))}${container === undefined ? '' : ` ${plain(container)}`}  ${dim(when)}`;
  const gaps = partial ? [yellow('The recording has gaps: what is missing in it may have happened.')] : [];
  const silent = DIMENSIONS.filter((dimension) => !dimensions.includes(dimension));
  const counts = new Map(recorded.map(({ behaviour, count }) => [behaviourText(behaviour), count]));
  const sorted = behaviours.toSorted((a, b) => DIMENSIONS.indexOf(a.dimension) - DIMENSIONS.indexOf(b.dimension));
  const rows = sorted.map((one) => [
    `  ${one.dimension}`,
    ...wordsOf(one),
    profile.origin === 'recorded' ? dim(`${counts.get(behaviourText(one)) ?? 1}x`) : '',
  ]);
  return [
    title,
    ...gaps,
    ...alignColumns(rows),
    ...(silent.length === 0 ? [] : [dim(`  nothing is told of: ${silent.join(', ')}`)]),
    '',
  ];
}

/** What, and by whom. */
function wordsOf({ actor, access, object, inImage }: Behaviour): string[] {
  const what = [access ?? '', plain(object)].filter(Boolean).join(' ');
  const foreign = inImage === false ? red(' (not in the image)') : '';
  return [what + foreign, dim(actor === '' ? 'by the container runtime' : `by ${plain(actor)}`)];
}
