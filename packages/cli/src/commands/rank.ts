import { openAnswers } from '../answers/open-answers.ts';
import { JUDGING_OPTIONS } from '../assess.ts';
import { CLUSTER_OPTIONS, withClusters } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { showRanking } from '../show-ranking.ts';

export const command: Command = {
  name: 'rank',
  summary: 'Ranks workloads by expected loss: who can reach them, what holds there, and what falls with them.',
  usage: '[PATH...]',
  examples: [
    { command: 'breakwater rank k8s/ cart.tar events.jsonl', says: 'manifests, an image and what ran' },
    { command: 'breakwater rank', says: 'the same paths again, or the running server' },
    { command: 'breakwater rank --cluster production', says: 'what runs in a live cluster' },
    { command: 'breakwater rank k8s/ --output json | jq .loss', says: 'for programs' },
  ],
  options: {
    ...JUDGING_OPTIONS,
    ...CLUSTER_OPTIONS,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    top: { type: 'string', value: 'N', help: 'Workloads shown in the table (default 10)' },
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json']);
    const top = readCount(invocation, 'top', 10);
    const ranking = await (await openAnswers(invocation, withClusters(invocation, invocation.positionals))).ranking();
    if (output === 'json') process.stdout.write(`${JSON.stringify(ranking, undefined, 2)}\n`);
    return showRanking(ranking, output === 'table' ? top : 0);
  },
};
