import { compareReleases } from '@breakwater/app/profile-views';
import { differenceOf } from '@breakwater/engine/behaviour';
import { type Behaviour, type LearnedProfile, UserError } from '@breakwater/model';
import { EXIT } from '../command.ts';
import { behaviourColumns } from '../terminal/behaviour-words.ts';
import { amountOf } from '../terminal/resource-words.ts';
import { dim, green, plain, red, yellow } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';

/** Shows what differs between two releases of a profile, `newest` or `FROM..TO` by their ids; ends with 3 where anything does. */
export function showReleases(profile: LearnedProfile, named: string, output: 'table' | 'json'): number {
  const { difference, unexplained, explained, learned, gone, resources, unknowns } = compareReleases(
    profile,
    wantedOf(profile, named),
    differenceOf,
  );
  if (output === 'json') writeJson({ difference, unexplained, explained, learned, gone, resources, unknowns });
  else {
    const line = (mark: string, behaviour: Behaviour, why = ''): string[] => [
      mark,
      ...behaviourColumns(behaviour),
      dim(plain(why)),
    ];
    const rows = [
      ...unexplained.map(({ behaviour }) => line(red('!'), behaviour, 'nothing explains it')),
      ...explained.map(({ behaviour, by }) => line(green('+'), behaviour, by)),
      ...learned.map(({ behaviour }) => line(green('+'), behaviour, 'learned')),
      ...gone.map(({ behaviour }) => line(dim('-'), behaviour, 'not seen since')),
    ];
    const built = difference.changes.map(({ kind, change, name, before = '', after = '' }) => [
      kind,
      change,
      plain(name),
      dim(plain(before === '' || after === '' ? '' : `${before} to ${after}`)),
    ]);
    const uses = resources.map(({ resource, before, after }) => [
      yellow('~'),
      plain(resource),
      `${amountOf(resource, before)} to ${amountOf(resource, after)} in 99 of 100 minutes`,
    ]);
    for (const lines of [alignColumns(built), alignColumns(rows), alignColumns(uses)])
      if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n\n`);
    for (const sentence of unknowns) process.stderr.write(`${yellow('unknown')}  ${plain(sentence)}\n`);
  }
  const groups = [difference.changes, unexplained, explained, learned, gone, resources];
  const differs = groups.some((group) => group.length > 0);
  return differs ? EXIT.differs : EXIT.passed;
}

/** Ids may be cut short. */
function wantedOf({ releases }: LearnedProfile, named: string): { from?: string; to?: string } {
  if (named === 'newest') return {};
  const [from, to, ...more] = named.split('..');
  const whole = (start: string | undefined): string => {
    const found = releases.filter(({ facts }) => start !== undefined && start !== '' && facts.id.startsWith(start));
    if (found.length === 1 && found[0] !== undefined) return found[0].facts.id;
    throw new UserError(`'${start ?? ''}' is no release of it.`, {
      code: 'release-unknown',
      hint: `There are: ${releases.map(({ facts }) => facts.id.slice(0, 19)).join(', ')}. Write --release FROM..TO, or newest.`,
    });
  };
  if (more.length > 0) whole(named);
  return { from: whole(from), to: whole(to) };
}
