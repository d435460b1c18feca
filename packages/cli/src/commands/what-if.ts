import type { LeakStory } from '@breakwater/app/what-if';
import { UserError } from '@breakwater/model';
import { JUDGING_OPTIONS, namedJudging } from '../assess.ts';
import { CLUSTER_OPTIONS, clusterReading, withClusters } from '../cluster-options.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { readLastPaths } from '../last-paths.ts';
import { outputOption, readCount } from '../options.ts';
import { describeUnknowns } from '../terminal/describe-unknowns.ts';
import { leakLines } from '../terminal/print-leak.ts';
import { openProgressLine } from '../terminal/progress.ts';
import { outputWidth } from '../terminal/table.ts';

export const command: Command = {
  name: 'what-if',
  summary: 'Tells what a leaked credential reaches, by which steps, and the smallest changes that cut it.',
  usage: 'leak user:NAME|group:NAME|serviceaccount:NS/NAME|file:KUBECONFIG [PATH...]',
  examples: [
    { command: 'breakwater what-if leak user:alice k8s/', says: 'a developer, by the bindings of manifests' },
    {
      command: 'breakwater what-if leak serviceaccount:shop/robot',
      says: 'a token, in the paths that were ranked last',
    },
    {
      command: 'breakwater what-if leak file:found.kubeconfig --cluster production',
      says: 'whoever is in a file, live',
    },
    { command: 'breakwater what-if leak group:dev k8s/ -o patch | git apply', says: 'make the changes that cut it' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json or patch' },
    paths: { type: 'string', value: 'N', help: 'Ways told in the table (default 4)' },
    ...JUDGING_OPTIONS,
    ...CLUSTER_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json', 'patch']);
    const ways = readCount(invocation, 'paths', 4);
    const [what, who, ...paths] = invocation.positionals;
    if (what !== 'leak' || who === undefined)
      throw new UserError(what === 'leak' ? 'Whose credential leaks?' : 'What if what? Only `leak` is answered.', {
        code: 'question-missing',
        hint: 'breakwater what-if leak user:alice k8s/',
      });
    const { report, patch, notes } = await tell(invocation, who, withClusters(invocation, paths));
    if (output === 'json') process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else if (output === 'patch') process.stdout.write(patch);
    else process.stdout.write(`${leakLines(report, ways, outputWidth()).join('\n')}\n`);
    const left = output === 'patch' && report.cuts.length > 0 ? notes : [];
    if (invocation.options['quiet'] !== true)
      for (const line of [...left, ...describeUnknowns(report.unknowns, outputWidth())])
        process.stderr.write(`${line}\n`);
    return report.identities.some(({ known }) => known) ? EXIT.passed : EXIT.unknown;
  },
};

async function tell(invocation: Invocation, who: string, named: string[]): Promise<LeakStory> {
  const { tellLeak } = await import('@breakwater/app/what-if');
  const last = named.length > 0 ? undefined : await readLastPaths(invocation.state, process.cwd());
  if (named.length === 0 && last === undefined)
    throw new UserError('Leaks into what? No path was given, and none was ranked in this folder before.', {
      code: 'path-missing',
      hint: 'breakwater what-if leak user:alice k8s/',
    });
  const { paths = named, clusters = clusterReading(invocation), ...judging } = last ?? {};
  const line = openProgressLine(invocation.options['quiet'] === true);
  try {
    return await tellLeak(who, paths, {
      state: invocation.state,
      now: new Date().toISOString(),
      ...namedJudging(invocation),
      ...judging,
      clusters,
      signal: invocation.signal,
      onProgress: ({ stage, done, total, subject }) =>
        line.show(`${stage} ${total > 0 ? `${done}/${total} ` : ''}${subject}`),
    });
  } finally {
    line.clear();
  }
}
