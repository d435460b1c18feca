import { type Answers, type Asked, noAnswers } from '@breakwater/app/admission';
import type { Asker, FoundReview } from './messages.ts';

/** Asks the API server what judging asked for. What cannot be had is left out; never rejects. */
export type LookUp = (asked: readonly Asked[], asker: Asker) => Promise<Answers>;

/** Rounds of questions: each answer can lead to another question. */
const MOST_ROUNDS = 3;

/** Judges, and again with what that asked for, until nothing more is. */
export async function judgeKnowing(
  judge: (answers: Answers | undefined) => Promise<FoundReview>,
  lookUp: LookUp | undefined,
): Promise<FoundReview> {
  let found = await judge(undefined);
  if (lookUp === undefined) return found;
  const known = noAnswers();
  for (let round = 0; round < MOST_ROUNDS && 'review' in found && found.asked !== undefined; round++) {
    const { permissions, objects } = await lookUp(found.asked.questions, found.asked.asker);
    if (permissions.size === 0 && objects.size === 0) break;
    for (const [key, answer] of permissions) known.permissions.set(key, answer);
    for (const [key, answer] of objects) known.objects.set(key, answer);
    found = await judge(known);
  }
  return found;
}
