import { parseArgs } from 'node:util';
import { UserError } from '@breakwater/model';
import { COMMON_OPTIONS, type Command, EXIT, type Invocation } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { describeCommand, describeProgram } from './help.ts';
import { nearest } from './nearest.ts';
import { reportError } from './report-error.ts';
import { stateFolder } from './state-folder.ts';

/** Runs one command line and gives its exit code. The only place where errors end. */
export async function runCommandLine(args: string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    return reportError(error);
  }
}

async function dispatch(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(describeProgram());
    return EXIT.passed;
  }
  const entry = COMMANDS.find((command) => command.name === name);
  if (!entry) {
    const close = nearest(
      name,
      COMMANDS.map((command) => command.name),
    );
    throw new UserError(`There is no command '${name}'.`, {
      code: 'command-unknown',
      hint: close ? `Did you mean 'breakwater ${close}'?` : "See 'breakwater --help'.",
    });
  }
  const command = await entry.load();
  const invocation = parse(command, rest);
  if (invocation.options['help']) {
    process.stdout.write(describeCommand(command));
    return EXIT.passed;
  }
  return await command.run(invocation);
}

function parse(command: Command, args: string[]): Invocation {
  const described = { ...command.options, ...COMMON_OPTIONS };
  try {
    const { values, positionals } = parseArgs({ args, options: described, allowPositionals: true });
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    const options = values as Invocation['options'];
    return {
      name: command.name,
      positionals,
      options,
      state: stateFolder(options['state'] as string | undefined),
      signal: stop.signal,
    };
  } catch (cause) {
    const message = (cause as Error).message.split('. ')[0] ?? 'The options are off';
    throw new UserError(`${message}.`, {
      code: 'option-invalid',
      hint: `See 'breakwater ${command.name} --help'.`,
      cause,
    });
  }
}
