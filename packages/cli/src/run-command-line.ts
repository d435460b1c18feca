import { parseArgs } from 'node:util';
import { UpstreamError, UserError } from '@breakwater/model';
import { COMMON_OPTIONS, type Command, EXIT, type Invocation } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { describeCommand, describeProgram } from './help.ts';
import { nearest } from './nearest.ts';
import { stateFolder } from './state-folder.ts';
import { plain } from './terminal/style.ts';

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
    return { positionals, options, state: stateFolder(options['state'] as string | undefined), signal: stop.signal };
  } catch (cause) {
    const message = (cause as Error).message.split('. ')[0] ?? 'The options are off';
    throw new UserError(`${message}.`, {
      code: 'option-invalid',
      hint: `See 'breakwater ${command.name} --help'.`,
      cause,
    });
  }
}

function reportError(error: unknown): number {
  if (error instanceof UserError || error instanceof UpstreamError) {
    process.stderr.write(`breakwater: ${plain(error.message)}\n${error.hint ? `  ${plain(error.hint)}\n` : ''}`);
    return EXIT.unknown;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('breakwater: stopped.\n');
    return EXIT.unknown;
  }
  const trouble = systemTrouble(error);
  if (trouble) {
    process.stderr.write(`breakwater: ${trouble}\n`);
    return EXIT.unknown;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`breakwater: this is a bug of ours. Please report what follows.\n${stack}\n`);
  return EXIT.bug;
}

/** What the machine refuses, by the system's code: it is for its owner to mend, and no bug. */
const TROUBLES: Record<string, [says: string, hint: string]> = {
  EACCES: ['permission is denied', 'Give yourself access, or choose another path or --state folder.'],
  EPERM: ['it is not permitted', 'Give yourself access, or choose another path or --state folder.'],
  EROFS: ['the file system is read-only', 'Choose another path or --state folder.'],
  ENOSPC: ['no space is left', 'Free some space, or choose another --state folder.'],
  ENOTDIR: ['a part of the path is no folder', 'Choose another path or --state folder.'],
  EEXIST: ['something else is in its place', 'Choose another path or --state folder.'],
  EISDIR: ['it is a folder', 'Name a file, or choose another --state folder.'],
  EMFILE: ['too many files are open', 'Raise the limit: ulimit -n 4096.'],
};

function systemTrouble(error: unknown): string | undefined {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  const known = code !== undefined && path !== undefined ? TROUBLES[code] : undefined;
  return known && `${plain(String(path))} cannot be used: ${known[0]}.\n  ${known[1]}`;
}
