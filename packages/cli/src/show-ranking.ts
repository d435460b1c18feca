import { formatPlace, type Ranking } from '@breakwater/model';
import { EXIT } from './command.ts';
import { printRanking } from './terminal/print-ranking.ts';
import { plain } from './terminal/style.ts';

/** Unknowns named where there is nothing to rank. */
const NAMED = 5;

/** Prints the first `top` workloads (none for 0) and gives the exit code: without any workload the command could not do its work. */
export function showRanking(ranking: Ranking, top: number): number {
  if (ranking.workloads.length === 0) {
    process.stderr.write(describeNothing(ranking));
    return EXIT.unknown;
  }
  if (top > 0) printRanking(ranking, top);
  return EXIT.passed;
}

/** Says why nothing could be ranked: an empty ranking must not look like an estate without risk. */
function describeNothing({ unknowns }: Ranking): string {
  const named = unknowns
    .slice(0, NAMED)
    .map(({ message, place }) => `  ${plain(message)} [${plain(formatPlace(place))}]`);
  const more = unknowns.length > NAMED ? [`  and ${unknowns.length - NAMED} more (--output json lists them)`] : [];
  return `${[
    'breakwater: there is no workload to rank.',
    ...named,
    ...more,
    '  Name the Kubernetes manifests that run your images: breakwater rank k8s/ images/',
  ].join('\n')}\n`;
}
