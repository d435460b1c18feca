import type { Answers } from '@breakwater/app/admission';
import type { FoundReview } from './messages.ts';

/** A review that is to be judged. */
export interface Task {
  id: number;
  body: string;
  answers: Answers | undefined;
  /** Judged where it holds up no small ones. */
  isLarge: boolean;
  /** Threads that ended while it waited in them. */
  tries: number;
  resolve(found: FoundReview): void;
  reject(error: Error): void;
}
