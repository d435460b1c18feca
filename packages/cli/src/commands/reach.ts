import { type ReachListing, readReach } from '@breakwater/app/reach';
import { UserError } from '@breakwater/model';
import { type Command, EXIT } from '../command.ts';
import { outputOption } from '../options.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';

export const command: Command = {
  name: 'reach',
  summary: 'Tells who can talk to whom by the network policies of manifests, and which policy decides.',
  usage: 'PATH...',
  examples: [
    { command: 'breakwater reach deploy/', says: 'every pair that can connect, with its ports' },
    { command: 'breakwater reach deploy/ --to shop/db', says: 'who reaches the database' },
    { command: 'breakwater reach deploy/ --from web --to db', says: 'what is allowed, what is not, and by which rule' },
    { command: 'breakwater reach deploy/ --from outside', says: 'what policies let in from addresses outside' },
  ],
  options: {
    from: { type: 'string', value: 'NAME', help: 'Only from this workload (web, shop/web), or from outside' },
    to: { type: 'string', value: 'NAME', help: 'Only to this workload, or to outside; with --from it says why' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
  },
  async run(invocation) {
    const { positionals, options, signal } = invocation;
    const output = outputOption(invocation, ['table', 'json']);
    if (positionals.length === 0)
      throw new UserError('Reach in which manifests?', { code: 'target-missing', hint: 'breakwater reach PATH...' });
    const question = { from: options['from'] as string | undefined, to: options['to'] as string | undefined };
    const { objects, ...listing } = await readReach(positionals, question, signal);
    if (output === 'json') process.stdout.write(`${JSON.stringify(listing, undefined, 2)}\n`);
    else print(listing);
    if (options['quiet'] !== true)
      for (const { message, place } of listing.unknowns)
        process.stderr.write(`${yellow('unknown')}  ${plain(`${place.source}: ${message}`)}\n`);
    return objects === 0 || listing.unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
  },
};

function print({ rows, reasons }: ReachListing): void {
  const lines =
    reasons.length === 0
      ? alignColumns(rows.map(({ from, to, ports }) => [plain(from), '->', plain(to), ports]))
      : reasons.flatMap(({ from, to, ports, allowed, because }) => [
          `${allowed ? green('allowed') : red('denied')}  ${plain(from)} -> ${plain(to)}  ${ports}`,
          ...(because.length === 0 ? ['no policy says anything about it'] : because).map((one) => `    ${plain(one)}`),
        ]);
  if (lines.length === 0) lines.push('No connection is allowed.');
  process.stdout.write(`${lines.join('\n')}\n`);
}
