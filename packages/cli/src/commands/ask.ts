import { UserError } from '@breakwater/model';
import { openAnswers } from '../answers/open-answers.ts';
import { JUDGING_OPTIONS } from '../assess.ts';
import { CLUSTER_OPTIONS, withClusters } from '../cluster-options.ts';
import { type Command, EXIT } from '../command.ts';
import { outputOption } from '../options.ts';
import { answerLines, sheetLines } from '../terminal/print-questions.ts';
import { outputWidth } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';

export const command: Command = {
  name: 'ask',
  summary:
    'Answers the questions that are asked of every estate: each with a number, what it rests on and what is open.',
  usage: '[N] [PATH...]',
  examples: [
    { command: 'breakwater ask k8s/ cart.tar events.jsonl', says: 'every question on one screen' },
    { command: 'breakwater ask 5', says: 'one in full: all its evidence, of the same paths' },
    { command: 'breakwater ask --cluster production', says: 'of a live cluster' },
    { command: "breakwater ask k8s/ -o json | jq '.items[].number'", says: 'for programs' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    ...JUDGING_OPTIONS,
    ...CLUSTER_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json']);
    const [first, ...others] = invocation.positionals;
    const one = first !== undefined && /^\d{1,3}$/.test(first) ? Number(first) : undefined;
    const paths = withClusters(invocation, one === undefined ? invocation.positionals : others);
    const sheet = await (await openAnswers(invocation, paths)).questions(one);
    const [answer] = sheet.items;
    if (answer === undefined) {
      throw new UserError(`There is no question ${one}.`, {
        code: 'question-unknown',
        hint: 'breakwater ask shows them with their numbers.',
      });
    }
    if (output === 'json') {
      writeJson(sheet);
      return EXIT.passed;
    }
    const width = outputWidth();
    const lines = one === undefined ? sheetLines(sheet, width) : answerLines(answer, width);
    process.stdout.write(`${lines.join('\n')}\n`);
    return EXIT.passed;
  },
};
