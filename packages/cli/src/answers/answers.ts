import type { Explanation, FixStory, QuestionSheet, Ranking } from '@breakwater/model';

/** What `rank`, `ask`, `explain` and `fix` ask, whoever answers: a running server, or this process itself. */
export interface Answers {
  ranking(): Promise<Ranking>;
  /** All of them, or only question `n`, with the lines of its evidence. */
  questions(n?: number): Promise<QuestionSheet>;
  /** Undefined when nothing of that name is known. */
  explain(id: string): Promise<Explanation | undefined>;
  fix(n: number): Promise<FixStory | undefined>;
}
