import type { QuestionAnswer } from '@breakwater/model';
import { count } from '../words/numbers.ts';

/** A number as it is shown: what is large, and what goes on in small beside it. A value that is not known is a question mark. */
export function numberParts({ value, of, words }: QuestionAnswer['number']): { value: string; rest: string } {
  return { value: value === null ? '?' : count(value), rest: of === undefined ? words : `of ${count(of)} ${words}` };
}
