import { EXIT, type Invocation } from '../command.ts';

/** What the command does with the words after its first; gives the exit code. */
export type PolicyAction = (invocation: Invocation, words: string[]) => Promise<number>;

/** What an answer means to the shell: a refusal before what is not known. */
export const exitCode = (refused: boolean, unknown: boolean): number =>
  refused ? EXIT.refused : unknown ? EXIT.unknown : EXIT.passed;
