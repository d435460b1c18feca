import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface CommandRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  folder: string;
  state: string;
  /** Set besides, for instance NO_COLOR. */
  environment?: Record<string, string>;
}

/** Starts the real command in a folder, with a state folder of its own and no server or database of the machine. */
export function startCommand(args: string[], { folder, state, environment }: CommandOptions): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: { PATH, HOME, BREAKWATER_STATE: state, ...environment },
  });
}

/** Runs the real command to its end. */
export async function runCommand(args: string[], options: CommandOptions): Promise<CommandRun> {
  return await finish(startCommand(args, options));
}

/** What a started command writes until it ends, and its exit code. */
export function finish(child: ChildProcess): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const run: CommandRun = { code: null, stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      run.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      run.stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...run, code }));
  });
}
