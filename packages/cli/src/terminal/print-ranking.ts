import type { RankedFix, RankedWorkload, Ranking } from '@breakwater/model';
import { countOf } from './count-of.ts';
import { bold, cyan, dim, plain, yellow } from './style.ts';
import { alignColumns, outputWidth, wrapText } from './table.ts';

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SMALL = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const COUNTS = ['No change', 'One change', 'Two changes', 'Three changes', 'Four changes', 'Five changes'];
/** Columns for the names of workloads; a longer name stands on a line of its own. */
const NAME_WIDTH = 30;
/** Columns between the loss and the sentence. */
const GAP = 3;
/** A terminal that leaves the sentence less gets it below the name. */
const NARROWEST = 40;

/** Points as people read them: whole above ten, one decimal below. */
export function formatPoints(points: number): string {
  return points >= 10 ? NUMBER.format(points) : SMALL.format(points);
}

/** The ranking as text: the riskiest workloads with their reason and best fix, then the headline. */
export function printRanking(ranking: Ranking, top: number): void {
  process.stdout.write(`${rankingLines(ranking, top, outputWidth()).join('\n')}\n`);
}

/** The lines of `printRanking`, of at most `width` columns. */
export function rankingLines(ranking: Ranking, top: number, width: number): string[] {
  const shown = ranking.workloads.slice(0, top).filter((workload) => workload.loss > 0 || workload.lossRange[1] > 0);
  const headline = describeHeadline(ranking, shown.length).flatMap((line) => wrapText(line, width));
  return [...describeWorkloads(shown, ranking.fixes, width), '', ...headline];
}

function describeWorkloads(workloads: RankedWorkload[], fixes: RankedFix[], width: number): string[] {
  if (workloads.length === 0) return ['No workload holds any expected loss.'];
  const names = workloads.map(({ namespace, name }) => plain(`${namespace}/${name}`));
  const nameWidth = Math.min(NAME_WIDTH, Math.max(...names.map((name) => name.length)));
  const losses = alignColumns(
    workloads.map(({ loss }) => [formatPoints(loss)]),
    [0],
  );
  const wide = 3 + 2 + nameWidth + 2 + Math.max(...losses.map((loss) => loss.length)) + GAP;
  const margin = width - wide < NARROWEST ? 5 : wide;
  return workloads.flatMap((workload, index) => {
    const name = names[index] ?? '';
    const head = `${String(index + 1).padStart(3)}  ${bold(name)}${' '.repeat(Math.max(nameWidth - name.length, 0))}  ${losses[index]}`;
    const text = wrapText(plain(workload.why) + uncertainty(workload), width - margin);
    const below = [...text, ...describeFix(workload, fixes, width - margin)].map((line) => ' '.repeat(margin) + line);
    if (margin < wide || name.length > nameWidth) return [head, ...below];
    return [`${head}${' '.repeat(GAP)}${text[0]}`, ...below.slice(1)];
  });
}

function describeFix(workload: RankedWorkload, fixes: RankedFix[], width: number): string[] {
  const fix = fixes.find((entry) => entry.n === workload.fixes[0]);
  if (!fix) return [];
  const label = `fix ${fix.n}`;
  const indent = label.length + 2;
  const title = `${plain(fix.title)}${fix.afterRebuild ? ' (after rebuild)' : ''}  ${bold(gainOf(fix))}`;
  return wrapText(title, width - indent).map(
    (line, index) => (index === 0 ? `${cyan(label)}  ` : ' '.repeat(indent)) + line,
  );
}

/** `-0.8`; of what takes only what is not used that it does. */
const gainOf = ({ lossRemoved }: RankedFix): string =>
  formatPoints(lossRemoved) === formatPoints(0) ? 'no known loss' : `-${formatPoints(lossRemoved)}`;

function uncertainty({ loss, lossRange: [low, high] }: RankedWorkload): string {
  const wide = formatPoints(low) !== formatPoints(loss) || formatPoints(high) !== formatPoints(loss);
  return wide ? dim(` (${formatPoints(low)} to ${formatPoints(high)}, as what is unknown turns out)`) : '';
}

function describeHeadline(ranking: Ranking, shown: number): string[] {
  const { total, matter } = ranking.vulnerabilities;
  // What only takes what is not used stands behind, and removes no loss.
  const few = ranking.fixes.slice(0, 5).filter(({ lossRemoved }) => lossRemoved > ranking.loss / 1_000);
  const share = ranking.loss > 0 ? Math.round(((few.at(-1)?.lossRemovedTogether ?? 0) / ranking.loss) * 100) : 0;
  const changes = few.length > 0 ? ` ${COUNTS[few.length]} remove${few.length === 1 ? 's' : ''} ${share} %.` : '';
  const hidden = ranking.workloads.length - shown;
  const more = hidden > 0 ? ` (${NUMBER.format(hidden)} more not shown)` : '';
  const next = ranking.fixes.find((fix) => fix.files.length > 0)?.n;
  return [
    `${countOf(ranking.workloads.length, 'workload')}${more}, expected loss ${bold(formatPoints(ranking.loss))} of ${formatPoints(ranking.value)}.${changes}`,
    vulnerabilityLine(total, matter),
    ...(ranking.unknowns.length > 0
      ? [
          yellow(
            `Not decided: ${countOf(ranking.unknowns.length, 'fact')} could not be had (breakwater explain unknown).`,
          ),
        ]
      : []),
    ...(next === undefined ? [] : [`Next: breakwater fix ${next} | git apply`]),
  ];
}

function vulnerabilityLine(total: number, matter: number): string {
  if (total === 0) return 'No vulnerability was found in what could be read.';
  const verb = matter === 1 ? 'matters' : 'matter';
  return `${countOf(total, 'vulnerability', 'vulnerabilities')}, ${NUMBER.format(matter)} ${verb} (why: breakwater explain quiet).`;
}
