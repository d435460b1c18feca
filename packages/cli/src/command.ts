import type { ParseArgsOptionDescriptor } from 'node:util';

/** Exit codes of every command (1 when a gate says no, 3 when two states differ, 70 for a bug of ours). */
export const EXIT = { passed: 0, refused: 1, unknown: 2, differs: 3, bug: 70 } as const;

/** An option with the sentence that help shows. */
export interface Option extends ParseArgsOptionDescriptor {
  help: string;
  /** Name of its value in help: `FILE`. */
  value?: string;
}

/** What was typed, parsed by the command's own options. */
export interface Invocation {
  /** Of the command. */
  name: string;
  positionals: string[];
  options: Record<string, string | boolean | string[] | undefined>;
  /** State folder in force. */
  state: string;
  /** Ends long work on Ctrl-C. */
  signal: AbortSignal;
}

/** One command: what help says, and what it does. `run` gives the exit code. */
export interface Command {
  name: string;
  summary: string;
  /** After the name: `TARGET...`. */
  usage: string;
  examples: { command: string; says: string }[];
  options: Record<string, Option>;
  run(invocation: Invocation): Promise<number>;
}

/** Options that every command has. */
export const COMMON_OPTIONS: Record<string, Option> = {
  state: { type: 'string', value: 'FOLDER', help: 'State folder (default: BREAKWATER_STATE or the XDG state folder)' },
  quiet: { type: 'boolean', short: 'q', help: 'No progress and no notes on stderr' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
};
