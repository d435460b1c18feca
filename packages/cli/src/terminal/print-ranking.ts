import type { RankedFix, RankedWorkload, Ranking } from '@breakwater/model';
import { bold, cyan, dim, plain, yellow } from './style.ts';
import { alignColumns, outputWidth, wrapText } from './table.ts';

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SMALL = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const COUNTS = ['No change', 'One change', 'Two changes', 'Three changes', 'Four changes', 'Five changes'];

/** Points as people read them: whole above ten, one decimal below. */
export function formatPoints(points: number): string {
  return points >= 10 ? NUMBER.format(points) : SMALL.format(points);
}

/** The ranking as text: the riskiest workloads with their reason and best fix, then the headline. */
export function printRanking(ranking: Ranking, top: number): void {
  const shown = ranking.workloads.slice(0, top).filter((workload) => workload.loss > 0 || workload.lossRange[1] > 0);
  const lines = [...describeWorkloads(shown, ranking.fixes), '', ...describeHeadline(ranking, shown.length)];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function describeWorkloads(workloads: RankedWorkload[], fixes: RankedFix[]): string[] {
  if (workloads.length === 0) return ['No workload holds any expected loss.'];
  const heads = workloads.map((workload, index) => [
    `${index + 1}`.padStart(3),
    bold(plain(`${workload.namespace}/${workload.name}`)),
    formatPoints(workload.loss),
  ]);
  const columns = alignColumns(heads, [2]);
  const margin =
    3 +
    2 +
    Math.max(...workloads.map((workload) => `${workload.namespace}/${workload.name}`.length)) +
    2 +
    Math.max(...heads.map((row) => row[2]?.length ?? 0)) +
    3;
  const width = Math.max(outputWidth() - margin, 40);
  return workloads.flatMap((workload, index) => {
    const text = wrapText(plain(workload.why) + uncertainty(workload), width);
    const fix = fixes.find((entry) => entry.n === workload.fixes[0]);
    const fixLines = fix
      ? wrapText(
          `${cyan(`fix ${fix.n}`)}  ${plain(fix.title)}${fix.afterRebuild ? ' (after rebuild)' : ''}  ${bold(`-${formatPoints(fix.lossRemoved)}`)}`,
          width,
        )
      : [];
    const rest = [...text.slice(1), ...fixLines].map((line) => ' '.repeat(margin) + line);
    return [`${columns[index]}   ${text[0]}`, ...rest];
  });
}

function uncertainty({ loss, lossRange: [low, high] }: RankedWorkload): string {
  const wide = formatPoints(low) !== formatPoints(loss) || formatPoints(high) !== formatPoints(loss);
  return wide ? dim(` (${formatPoints(low)} to ${formatPoints(high)}, as what is unknown turns out)`) : '';
}

function describeHeadline(ranking: Ranking, shown: number): string[] {
  const { total, matter } = ranking.vulnerabilities;
  const few = ranking.fixes.slice(0, 5);
  const share = ranking.loss > 0 ? Math.round(((few.at(-1)?.lossRemovedTogether ?? 0) / ranking.loss) * 100) : 0;
  const changes = few.length > 0 ? ` ${COUNTS[few.length]} remove${few.length === 1 ? 's' : ''} ${share} %.` : '';
  const hidden = ranking.workloads.length - shown;
  const lines = [
    `${NUMBER.format(ranking.workloads.length)} workloads${hidden > 0 ? ` (${hidden} more not shown)` : ''}, expected loss ${bold(formatPoints(ranking.loss))} of ${formatPoints(ranking.value)}.${changes}`,
    `${NUMBER.format(total)} vulnerabilities, ${NUMBER.format(matter)} matter (why: breakwater explain quiet).`,
  ];
  if (ranking.unknowns.length > 0)
    lines.push(
      yellow(
        `Not decided: ${NUMBER.format(ranking.unknowns.length)} facts could not be had (breakwater explain unknown).`,
      ),
    );
  if (ranking.fixes.some((fix) => fix.files.length > 0))
    lines.push(`Next: breakwater fix ${ranking.fixes.find((fix) => fix.files.length > 0)?.n} | git apply`);
  return lines;
}
