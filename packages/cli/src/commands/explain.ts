import { formatPlace, UserError } from '@breakwater/model';
import { openAnswers } from '../answers/open-answers.ts';
import { JUDGING_OPTIONS } from '../assess.ts';
import { type Command, EXIT } from '../command.ts';
import { outputOption } from '../options.ts';
import { bold, dim, plain } from '../terminal/style.ts';
import { outputWidth, wrapText } from '../terminal/table.ts';

/** Columns of the step's name. */
const MARGIN = 10;

export const command: Command = {
  name: 'explain',
  summary: 'Shows the chain behind an id: source, fact, finding, decision, action.',
  usage: 'ID|quiet|unknown [PATH...]',
  examples: [
    { command: 'breakwater explain shop/cart', says: 'a workload' },
    { command: 'breakwater explain CVE-2021-44228', says: 'a vulnerability, wherever it is' },
    { command: 'breakwater explain quiet', says: 'why most vulnerabilities do not matter here' },
    { command: 'breakwater explain unknown', says: 'what could not be read or decided' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    ...JUDGING_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json']);
    const [id, ...paths] = invocation.positionals;
    if (id === undefined)
      throw new UserError('Explain what? Give an id, `quiet` or `unknown`.', {
        code: 'id-missing',
        hint: 'breakwater explain shop/cart',
      });
    const explanation = await (await openAnswers(invocation, paths)).explain(id);
    if (!explanation) {
      throw new UserError(`Nothing here is called '${plain(id)}'.`, {
        code: 'id-unknown',
        hint: 'Give a workload (namespace/name), an image, a CVE, a policy, fix-1, quiet or unknown.',
      });
    }
    if (output === 'json') {
      process.stdout.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
      return EXIT.passed;
    }
    const width = outputWidth();
    const lines = [bold(plain(explanation.title)), ...wrapText(plain(explanation.summary), width), ''];
    for (const link of explanation.chain) {
      const from = link.place ? formatPlace(link.place) : link.from;
      const source = from && !link.sentence.includes(from) ? dim(`  [${plain(from)}]`) : '';
      const wrapped = wrapText(plain(link.sentence) + source, width - MARGIN);
      lines.push(
        ...wrapped.map((line, index) => `${index === 0 ? dim(link.step.padEnd(MARGIN)) : ' '.repeat(MARGIN)}${line}`),
      );
    }
    process.stdout.write(`${lines.join('\n')}\n`);
    return EXIT.passed;
  },
};
