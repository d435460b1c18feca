import { readSecrets } from '@breakwater/app/secrets';
import { UserError } from '@breakwater/model';
import { CLUSTER_OPTIONS, clusterReading, withClusters } from '../cluster-options.ts';
import { type Command, EXIT } from '../command.ts';
import { readLastPaths } from '../last-paths.ts';
import { outputOption, readCount } from '../options.ts';
import { describeUnknowns } from '../terminal/describe-unknowns.ts';
import { printSecrets } from '../terminal/print-secrets.ts';
import { outputWidth } from '../terminal/table.ts';

/** Secrets shown unless more are asked for. */
const SHOWN = 20;

export const command: Command = {
  name: 'secrets',
  summary: 'Tells of every secret what it opens, who can read it and how, and where it lies in plain text.',
  usage: '[PATH...]',
  examples: [
    {
      command: 'breakwater secrets deploy/',
      says: 'of manifests, and plain text beside them',
    },
    { command: 'breakwater secrets --cluster production', says: 'of a live cluster, by their names alone' },
    { command: 'breakwater secrets', says: 'in the paths that were ranked last' },
    { command: 'breakwater secrets deploy/ -o json | jq ".written[]"', says: 'plain secrets' },
  ],
  options: {
    ...CLUSTER_OPTIONS,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    top: { type: 'string', value: 'N', help: `Secrets shown (default ${SHOWN})` },
  },
  async run(invocation) {
    const { positionals, state, signal, options } = invocation;
    const output = outputOption(invocation, ['table', 'json']);
    const top = readCount(invocation, 'top', SHOWN);
    const named = withClusters(invocation, positionals);
    const last = named.length > 0 ? undefined : await readLastPaths(state, process.cwd());
    const paths = named.length > 0 ? named : last?.paths;
    if (paths === undefined)
      throw new UserError('Secrets of what?', { code: 'target-missing', hint: 'breakwater secrets PATH...' });
    const clusters = { ...last?.clusters, ...clusterReading(invocation) };
    const report = await readSecrets(paths, new Date().toISOString(), { signal, clusters });
    if (output === 'json') process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else process.stdout.write(printSecrets(report, top));
    if (options['quiet'] !== true)
      for (const line of describeUnknowns(report.unknowns, outputWidth())) process.stderr.write(`${line}\n`);
    return report.unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
  },
};
