import { formatPlace, type Ranking } from '@breakwater/model';
import { openAnswers } from '../answers/open-answers.ts';
import { POLICIES_OPTION } from '../assess.ts';
import { type Command, EXIT } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { printRanking } from '../terminal/print-ranking.ts';
import { plain } from '../terminal/style.ts';

/** Unknowns named where there is nothing to rank. */
const NAMED = 5;

export const command: Command = {
  name: 'rank',
  summary: 'Ranks workloads by expected loss: who can reach them, what holds there, and what falls with them.',
  usage: '[PATH...]',
  examples: [
    { command: 'breakwater rank k8s/ cart.tar events.jsonl', says: 'manifests, an image and what ran' },
    { command: 'breakwater rank', says: 'the same paths again, or the running server' },
    { command: 'breakwater rank k8s/ --output json | jq .loss', says: 'for programs' },
  ],
  options: {
    policies: POLICIES_OPTION,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    top: { type: 'string', value: 'N', help: 'Workloads shown in the table (default 10)' },
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json']);
    const top = readCount(invocation, 'top', 10);
    const ranking = await (await openAnswers(invocation, invocation.positionals)).ranking();
    if (output === 'json') process.stdout.write(`${JSON.stringify(ranking, undefined, 2)}\n`);
    if (ranking.workloads.length === 0) {
      process.stderr.write(describeNothing(ranking));
      return EXIT.unknown;
    }
    if (output === 'table') printRanking(ranking, top);
    return EXIT.passed;
  },
};

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
