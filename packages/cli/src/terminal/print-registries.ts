import type { RegistryList, RegistrySprawl, WatchedRegistry, WatchedTag, WatchedTagPage } from '@breakwater/model';
import { age } from './age.ts';
import { countOf } from './count-of.ts';
import { bold, dim, plain, red, yellow } from './style.ts';
import { alignColumns } from './table.ts';

/** Repositories of the sprawl table. */
const REPOSITORIES = 20;

/** Registries with their state, and what the matter is where there is one. */
export function printRegistries({ items, images, unjudged }: RegistryList, now: number): void {
  if (items.length === 0) {
    print(['No registry is watched. Watch one: breakwater up PATH... --registry HOST[/PREFIX]']);
    return;
  }
  const rows = items.map((item) => [
    plain(item.name),
    String(item.repositories),
    String(item.tags),
    stateOf(item, now),
  ]);
  const head = ['registry', 'repositories', 'tags', 'state'].map(bold);
  const troubles = items.flatMap(({ name, trouble }) =>
    trouble ? [`${yellow(plain(name))}: ${plain(trouble.message)}`, `  ${plain(trouble.hint ?? '')}`] : [],
  );
  const waiting = unjudged > 0 ? `, ${unjudged} to be judged by the newest advisories` : '';
  print([...alignColumns([head, ...rows], [1, 2]), ...troubles, `${countOf(images, 'image')} known${waiting}.`, '']);
}

function stateOf({ trouble, troubled, waiting, lookedAt, nextLook }: WatchedRegistry, now: number): string {
  if (trouble) return `failed, ${soon(nextLook, now)}`;
  const parts = [
    ...(troubled > 0 ? [`${countOf(troubled, 'repository', 'repositories')} failed`] : []),
    ...(waiting > 0 ? [`${waiting} to be read`] : []),
  ];
  const looked = lookedAt ? `looked ${age(lookedAt, now)} ago` : '';
  return [...parts, ...(looked ? [looked] : []), soon(nextLook, now)].filter(Boolean).join(', ');
}

function soon(time: string | undefined, now: number): string {
  if (time === undefined) return '';
  return Date.parse(time) <= now
    ? 'next now'
    : `next in ${age(new Date(2 * now - Date.parse(time)).toISOString(), now)}`;
}

/** Tags with their figures, a line each. */
export function printTags({ items, total }: WatchedTagPage, now: number): void {
  if (items.length === 0) {
    print(['No tag is like that.']);
    return;
  }
  const head = ['tag', 'state', 'vulnerabilities', 'built', 'base', 'runs in'].map(bold);
  const rows = items.map((tag) => [
    plain(tag.reference),
    tag.state,
    figuresOf(tag),
    tag.image?.created ? `${age(tag.image.created, now)} ago` : '',
    baseOf(tag, now),
    tag.workloads.length === 0 ? dim('nobody') : countOf(tag.workloads.length, 'workload'),
  ]);
  const troubles = items.flatMap(({ reference, trouble }) =>
    trouble ? [`${yellow(plain(reference))}: ${plain(trouble.message)}`] : [],
  );
  const more = total > items.length ? [`${countOf(total - items.length, 'more tag')}: --limit N`] : [];
  print([...alignColumns([head, ...rows]), ...troubles, ...more]);
}

function figuresOf({ image, state }: WatchedTag): string {
  if (!image) return state === 'waiting' ? 'not read yet' : 'not known';
  const { total, critical, high, exploited } = image.vulnerabilities;
  const worst = [
    ...(exploited > 0 ? [red(`${exploited} exploited`)] : []),
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(high > 0 ? [`${high} high`] : []),
  ];
  const open = image.unknowns > 0 ? ` (${image.unknowns} unknown)` : '';
  return `${total}${worst.length > 0 ? `: ${worst.join(', ')}` : ''}${open}`;
}

function baseOf({ image }: WatchedTag, now: number): string {
  const { distribution = '', endOfLife } = image ?? {};
  if (endOfLife === undefined || Date.parse(endOfLife) > now) return plain(distribution);
  return `${plain(distribution)}, ${yellow(`no fixes since ${endOfLife.slice(0, 10)}`)}`;
}

/** What gathered that nobody needs, the repositories with the most of it first. */
export function printSprawl({ tags, unused, endOfLife, gone, repositories }: RegistrySprawl, now: number): void {
  const head = ['repository', 'tags', 'nobody runs', 'base without fixes', 'oldest'].map(bold);
  const rows = repositories
    .slice(0, REPOSITORIES)
    .map((row) => [
      plain(row.name),
      String(row.tags),
      String(row.unused),
      String(row.endOfLife),
      row.oldest ? `${plain(row.oldestTag ?? '')}, ${age(row.oldest, now)}` : '',
    ]);
  const sum = `${countOf(tags, 'tag')}: nobody runs ${unused}, ${endOfLife} on a base without fixes; ${gone} gone from their registry.`;
  print([...(rows.length > 0 ? alignColumns([head, ...rows], [1, 2, 3]) : []), sum]);
}

function print(lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
