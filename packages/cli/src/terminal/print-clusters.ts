import type {
  ClusterObject,
  ClusterStatus,
  DriftField,
  DriftReport,
  Json,
  RunningWorkload,
  SprawlReport,
  Unknown,
  WhyReport,
} from '@breakwater/model';
import { formatPlace } from '@breakwater/model';
import { age } from './age.ts';
import { countOf } from './count-of.ts';
import { bold, cyan, dim, green, plain, red, yellow } from './style.ts';
import { alignColumns } from './table.ts';

/** Unknowns named. */
const NAMED = 10;
/** Characters of a value. */
const LONGEST = 80;

export function printContexts(
  items: { name: string; server: string; user: string; namespace?: string; current: boolean }[],
): void {
  if (items.length === 0) {
    print(['No kubeconfig is at hand: --kubeconfig FILE, or KUBECONFIG in the environment.']);
    return;
  }
  const rows = items.map((item) => [item.current ? '*' : '', plain(item.name), plain(item.server), plain(item.user)]);
  print(alignColumns([['', 'context', 'server', 'user'].map(bold), ...rows]));
}

/** How clusters stand: kinds with objects, and what may not be read. */
export function printStatus(items: ClusterStatus[]): void {
  for (const { name, server, version, objects, kinds, unknowns, trouble } of items) {
    const read = kinds.filter(({ objects: count }) => count > 0).sort((a, b) => b.objects - a.objects);
    const troubled = kinds.filter(({ trouble }) => trouble);
    const gaps = kinds.reduce((sum, { gaps: own }) => sum + own.length, 0);
    print([
      `${bold(plain(name))}  ${plain(server)}  ${plain(version ?? '')}`,
      ...alignColumns(
        read.map((kind) => [`  ${plain(kind.name)}`, String(kind.objects), stateOf(kind.state)]),
        [1],
      ),
      `${countOf(objects, 'object')} of ${countOf(kinds.length - troubled.length, 'kind')}; ${countOf(troubled.length, 'kind')} not readable${gaps > 0 ? `; ${countOf(gaps, 'gap')}` : ''}.`,
      ...(trouble ? [`  ${red(plain(trouble.message))}`, ...(trouble.hint ? [`  ${plain(trouble.hint)}`] : [])] : []),
      ...unknownLines(unknowns),
      '',
    ]);
  }
}

function stateOf(state: string): string {
  return state === 'watching' ? '' : yellow(state);
}

/** What runs and why, a paragraph a workload. */
export function printWhy({ workloads, unknowns }: WhyReport, limit: number): void {
  for (const workload of workloads.slice(0, limit)) print([...workloadLines(workload), '']);
  const more = workloads.length > limit ? [`${countOf(workloads.length - limit, 'more workload')}: --limit N`] : [];
  print([`${countOf(workloads.length, 'workload')}.`, ...more, ...unknownLines(unknowns)]);
}

function workloadLines({ workload, owners, pods, images, ...about }: RunningWorkload): string[] {
  const now = Date.now();
  const since = about.runningSince ? `, for ${age(about.runningSince, now)}` : '';
  const chain = owners.map(
    ({ kind, name, count, present }) =>
      `${count > 1 ? `${count} ${kind}s` : `${kind} ${name}`}${present ? '' : ' (gone)'}`,
  );
  return [
    `${bold(nameOf(workload))}  ${workload.cluster === '' ? '' : dim(plain(workload.cluster))}`,
    `  runs      ${pods.running} of ${countOf(pods.total, 'pod')}${since}${about.nodes.length > 0 ? `, on ${countOf(about.nodes.length, 'node')}` : ''}`,
    ...(chain.length > 0 ? [`  owners    ${plain(chain.join(' <- '))}`] : []),
    ...images.flatMap(({ container, reference, digests, injected }) => [
      `  image     ${plain(container)}: ${cyan(plain(reference))}${injected ? yellow(' put in by the cluster') : ''}`,
      ...(digests.length > 0 ? digests : ['no digest: its node did not say what it runs']).map(
        (text) => `            ${dim(text)}`,
      ),
    ]),
    `  deployed  ${about.deployedBy ? plain(deployLine(about.deployedBy, now)) : 'nothing tells by whom'}`,
    ...about.changedByHand.map(
      ({ manager, at, user }) =>
        `  ${yellow('by hand')}   ${plain(manager)}${at ? `, ${age(at, now)} ago` : ''}${user ? `, by ${plain(user)}` : ''}`,
    ),
    ...(about.services.length > 0 ? [`  services  ${plain(about.services.join(', '))}`] : []),
  ];
}

function deployLine(
  { tool, unit, user, at, evidence }: NonNullable<RunningWorkload['deployedBy']>,
  now: number,
): string {
  const parts = [tool, unit, user ? `by ${user}` : undefined, at ? `${age(at, now)} ago` : undefined];
  return `${parts.filter(Boolean).join(', ')} (${evidence})`;
}

/** Where Git and clusters differ, a line a field. */
export function printDrift({ compared, same, items, unknowns }: DriftReport, limit: number): void {
  for (const { object, state, fields, place, deployedBy } of items.slice(0, limit)) {
    const head = { changed: yellow('changed'), missing: red('missing'), extra: cyan('not in Git') }[state];
    const who = deployedBy?.user === undefined ? '' : `, last written by ${deployedBy.user}`;
    const where = place ? `${formatPlace(place)}${who}` : deployedBy ? `by ${deployedBy.tool}${who}` : '';
    print([`${head}  ${bold(nameOf(object))}  ${dim(plain(where))}`, ...fields.map(fieldLine)]);
  }
  const count = (state: string) => items.filter((item) => item.state === state).length;
  const more = items.length > limit ? [`${countOf(items.length - limit, 'more object')}: --limit N`] : [];
  const sum = `${countOf(compared, 'object')} compared: ${same} as in Git, ${count('changed')} changed, ${count('missing')} missing; ${count('extra')} not in Git.`;
  print([...more, items.length === 0 ? green(sum) : sum, ...unknownLines(unknowns)]);
}

function fieldLine({ pointer, change, git, live, manager, at }: DriftField): string {
  const who = manager ? dim(`  ${plain(manager)}${at ? ` ${at.slice(0, 19)}` : ''}`) : '';
  const path = plain(pointer.join('.'));
  if (change === 'added') return `    + ${path}: ${show(live)}${who}`;
  if (change === 'removed') return `    - ${path}: ${show(git)}`;
  return `    ~ ${path}: ${show(git)} in Git, ${show(live)} in the cluster${who}`;
}

function show(value: Json | undefined): string {
  if (value === undefined) return '(not shown)';
  const text = plain(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

/** What nobody needs, by kind of sprawl. */
export function printSprawlOf({ items, undecided, unknowns }: SprawlReport, limit: number, now: number): void {
  for (const [kind, own] of Map.groupBy(items, (item) => item.kind)) {
    print([`${bold(kind.replaceAll('-', ' '))}  ${own.length}`]);
    const rows = own
      .slice(0, limit)
      .map(({ object, why, since }) => [`  ${nameOf(object)}`, since ? age(since, now) : '', plain(why)]);
    print([...alignColumns(rows), ...(own.length > limit ? [`  ${own.length - limit} more: --limit N`] : [])]);
  }
  const open = undecided.map(
    ({ kind, why }) => `  ${yellow('not decided')}  ${kind.replaceAll('-', ' ')}: ${plain(why)}`,
  );
  print([
    items.length === 0
      ? green('Nothing was found that nobody needs.')
      : `${countOf(items.length, 'object')} that nobody seems to need.`,
    ...open,
    ...unknownLines(unknowns),
  ]);
}

function unknownLines(unknowns: Unknown[]): string[] {
  const lines = unknowns.slice(0, NAMED).map(({ message }) => `  ${yellow('unknown')}  ${plain(message)}`);
  const hint = unknowns.find((unknown) => unknown.hint)?.hint;
  return [
    ...lines,
    ...(unknowns.length > NAMED ? [`  and ${unknowns.length - NAMED} more (--output json lists them)`] : []),
    ...(hint ? [`  ${plain(hint)}`] : []),
  ];
}

function nameOf({ namespace, kind, name }: ClusterObject): string {
  return plain(namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`);
}

function print(lines: string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}
