import { COMMON_OPTIONS, type Command, type Option } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { bold, dim } from './terminal/style.ts';
import { alignColumns } from './terminal/table.ts';

/** What `breakwater` and `breakwater --help` print. */
export function describeProgram(): string {
  return [
    `${bold('breakwater')}: container security from the commit to the kernel`,
    '',
    bold('Commands'),
    ...alignColumns(COMMANDS.map(({ name, summary }) => [`  ${name}`, summary])),
    '',
    bold('Try'),
    ...alignColumns([
      ['  breakwater rank k8s/', 'rank the workloads of a folder'],
      ['  breakwater scan image.tar', 'may this image ship?'],
      ['  breakwater fix 1 | git apply', 'apply the change that removes most'],
      ['  breakwater COMMAND --help', 'options and examples'],
    ]),
    '',
  ].join('\n');
}

/** What `breakwater COMMAND --help` prints: examples before options. */
export function describeCommand(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  return [
    `${bold(`breakwater ${command.name}`)} ${command.usage}`.trimEnd(),
    command.summary,
    '',
    bold('Examples'),
    ...alignColumns(command.examples.map((example) => [`  ${example.command}`, dim(example.says)])),
    '',
    bold('Options'),
    ...alignColumns(options.map(([name, option]) => [`  ${spellOption(name, option)}`, option.help])),
    '',
  ].join('\n');
}

function spellOption(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;
}
