import { type Answers, type Asked, noAnswers } from '@breakwater/app/admission';
import type { Asker, FoundReview } from './messages.ts';

/** Asks the API server what judging asked for. What cannot be had is left out; never rejects. */
export type LookUp = (asked: readonly Asked[], asker: Asker) => Promise<Answers>;

/** Rounds of questions: each answer can lead to another question. */
const MOST_ROUNDS = 3;
/** Milliseconds that all of them may take: less than whoever asks us waits, with time to judge once more. */
const LONGEST = 1_500;

/**
 * Judges, and again with what that asked for, until nothing more is. An API server that does not answer in time leaves
 * what was judged without it: what is refused anyway must not be let through because something else was not known.
 */
export async function judgeKnowing(
  judge: (answers: Answers | undefined) => Promise<FoundReview>,
  lookUp: LookUp | undefined,
): Promise<FoundReview> {
  let found = await judge(undefined);
  if (lookUp === undefined || !('review' in found) || found.asked === undefined) return found;
  const patience = beginPatience(LONGEST);
  const known = noAnswers();
  for (let round = 0; round < MOST_ROUNDS && 'review' in found && found.asked !== undefined; round++) {
    const answers: Answers | undefined = await Promise.race([
      lookUp(found.asked.questions, found.asked.asker),
      patience.ended,
    ]);
    if (answers === undefined) break;
    const { permissions, objects } = answers;
    if (permissions.size === 0 && objects.size === 0) break;
    for (const [key, answer] of permissions) known.permissions.set(key, answer);
    for (const [key, answer] of objects) known.objects.set(key, answer);
    found = await judge(known);
  }
  patience.forget();
  return found;
}

function beginPatience(milliseconds: number): { ended: Promise<undefined>; forget(): void } {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return { ended, forget: () => clearTimeout(timer) };
}
