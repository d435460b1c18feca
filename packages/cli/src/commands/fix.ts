import { UserError } from '@breakwater/model';
import { openAnswers } from '../answers/open-answers.ts';
import { JUDGING_OPTIONS } from '../assess.ts';
import { type Command, EXIT } from '../command.ts';
import { outputOption } from '../options.ts';

export const command: Command = {
  name: 'fix',
  summary: 'Prints a fix of the last ranking as a patch of the original files; notes go to stderr.',
  usage: 'N [PATH...]',
  examples: [
    { command: 'breakwater fix 1 | git apply', says: 'apply the fix that removes most' },
    { command: 'breakwater fix 2', says: 'look at a patch first' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'patch (default) or json' },
    ...JUDGING_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['patch', 'json']);
    const [number, ...paths] = invocation.positionals;
    if (number === undefined || !/^[1-9]\d{0,5}$/.test(number)) {
      throw new UserError('Which fix? Give its number from the ranking.', {
        code: 'fix-missing',
        hint: 'breakwater rank shows them; then: breakwater fix 1 | git apply',
      });
    }
    const found = await (await openAnswers(invocation, paths)).fix(Number(number));
    if (!found)
      throw new UserError(`There is no fix ${number}.`, {
        code: 'fix-unknown',
        hint: 'breakwater rank shows the fixes there are.',
      });
    if (output === 'json') {
      process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
      return EXIT.passed;
    }
    const { fix, patch, notes } = found;
    process.stdout.write(patch);
    if (invocation.options['quiet'] !== true) {
      const lines = [
        `Fix ${fix.n}: ${fix.title} (${removed(fix.lossRemoved)}${fix.afterRebuild ? ', after rebuild' : ''})`,
        fix.detail,
        ...notes,
      ];
      process.stderr.write(`${lines.join('\n')}\n`);
    }
    if (patch !== '') return EXIT.passed;
    process.stderr.write('No file that was read can carry this change: there is no patch.\n');
    return EXIT.unknown;
  },
};

/** What it is worth, in words where that is next to nothing. */
const removed = (points: number): string =>
  points >= 0.05 ? `-${points.toFixed(1)} points` : 'removes next to no loss that is known today';
