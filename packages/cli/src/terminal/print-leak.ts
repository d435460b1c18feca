import type { LeakCut, LeakedIdentity, LeakReport, ReachedCount } from '@breakwater/model';
import { countOf } from './count-of.ts';
import { formatPoints } from './print-ranking.ts';
import { bold, cyan, dim, green, plain, yellow } from './style.ts';
import { wrapText } from './table.ts';

const KINDS = { User: 'user', Group: 'a member of group', ServiceAccount: 'service account' } as const;

/** Groups told by name; the others are counted. */
const MOST_GROUPS = 4;

/** What a leak means, as lines of at most `width` columns: who, how far, the likeliest ways, and what cuts them. */
export function leakLines(report: LeakReport, ways: number, width: number): string[] {
  return [
    ...report.identities.flatMap((identity) => wrapText(whoIs(identity), width)),
    '',
    ...wrapText(reachOf(report), width),
    ...wrapText(worthOf(report), width),
    ...report.paths.slice(0, ways).flatMap((path) => ['', ...linesOfWay(path, width)]),
    ...(report.paths.length > ways
      ? ['', dim(`${report.paths.length - ways} more ways with --paths or --output json.`)]
      : []),
    '',
    ...cutLines(report, width),
  ];
}

function whoIs({ kind, namespace, name, from, groups, expires, known, near }: LeakedIdentity): string {
  const spelt = bold(plain(namespace === '' ? name : `${namespace}/${name}`));
  const told = groups.filter((group) => kind !== 'Group' || group !== name);
  const more = told.length > MOST_GROUPS ? ` and ${told.length - MOST_GROUPS} more` : '';
  const inGroups = told.length === 0 ? '' : `, in ${told.slice(0, MOST_GROUPS).map(plain).join(', ')}${more}`;
  const source =
    from === ''
      ? ''
      : ` (${plain(from)}${expires === undefined ? ', which does not end' : `, until ${expires.slice(0, 10)}`})`;
  const unknown = known
    ? ''
    : yellow(` Nothing here names it.${near.length > 0 ? ` Near it: ${near.map(plain).join(', ')}.` : ''}`);
  return `${KINDS[kind]} ${spelt}${source}${inGroups}.${unknown}`;
}

function reachOf({ counts, controlPlane, node }: LeakReport): string {
  const parts = [
    counted(counts.workloads, 'workload'),
    counted(counts.secrets, 'secret'),
    counted(counts.namespaces, 'namespace'),
    `nodes: ${oftenness(node)}`,
    `control plane: ${oftenness(controlPlane)}`,
  ];
  return `It reaches ${parts.join(', ')}.`;
}

const counted = ({ reached, certain, all }: ReachedCount, word: string): string =>
  `${bold(`${reached}`)} of ${countOf(all, word)}${reached > 0 && certain < reached ? ` (${certain} for certain)` : ''}`;

function oftenness(probability: number): string {
  if (probability >= 0.9) return bold('yes');
  if (probability <= 0) return 'no';
  return probability >= 0.2 ? bold('likely') : 'possible';
}

function worthOf({ loss, lossRange: [low, high], value }: LeakReport): string {
  const wide =
    formatPoints(low) !== formatPoints(high)
      ? ` (${formatPoints(low)} to ${formatPoints(high)}, as what is unknown turns out)`
      : '';
  return `That is worth ${bold(formatPoints(loss))} of ${formatPoints(value)} points${wide}.`;
}

function linesOfWay({ to, steps }: LeakReport['paths'][number], width: number): string[] {
  const worth = to.value > 0 ? `${formatPoints(to.value)} points, ` : '';
  return [
    `${bold(plain(to.label))} ${dim(`(${worth}${oftenness(to.probability) === 'no' ? 'slight' : sureness(to.probability)})`)}`,
    ...steps.flatMap(({ phrase, to: next, reason }, index) => {
      const head = `  ${index + 1}. `;
      const text = `${plain(phrase)} -> ${plain(next)}  ${dim(plain(reason))}`;
      return wrapText(text, width - head.length).map((line, at) => (at === 0 ? head : ' '.repeat(head.length)) + line);
    }),
  ];
}

function sureness(probability: number): string {
  if (probability >= 0.9) return 'certain';
  return probability >= 0.2 ? 'likely' : 'possible';
}

function cutLines({ cuts, loss }: LeakReport, width: number): string[] {
  if (loss === 0) return [green('Nothing of value falls: there is nothing to cut.')];
  const last = cuts.at(-1);
  if (last === undefined) return [yellow('No change of what was read takes anything of it away.')];
  const rows = cuts.flatMap((cut, index) => linesOfCut(cut, index, loss, width));
  const left = Math.max(0, loss - last.lossRemovedTogether);
  return [
    bold(cuts.length === 1 ? 'One change cuts it:' : `${cuts.length} changes cut it, and none can be left out:`),
    ...rows,
    `${cuts.length === 1 ? 'It removes' : 'Together they remove'} ${share(last.lossRemovedTogether, loss)}; ${formatPoints(left)} points are left. As a patch: --output patch`,
  ];
}

function linesOfCut({ title, lossRemoved, files }: LeakCut, index: number, loss: number, width: number): string[] {
  const head = `  ${cyan(`${index + 1}`)}  `;
  const where =
    files.length > 0 ? dim(`  [${files.map(plain).join(', ')}]`) : dim('  [no file that was read can carry it]');
  const text = `${plain(title)}  ${bold(`-${formatPoints(Math.max(0, lossRemoved))}`)} (${share(lossRemoved, loss)} alone)${where}`;
  return wrapText(text, width - 5).map((line, at) => (at === 0 ? head : '     ') + line);
}

const share = (part: number, whole: number): string => `${Math.max(0, Math.round((part / whole) * 100))} %`;
