import type { AdmissionView, QuestionAnswer } from '@breakwater/model';
import type { PlacedPolicy } from '../policies/list-places.ts';
import type { Guard } from './guards.ts';
import type { JudgedEstate } from './judged-estate.ts';

/** What questions are answered from. */
export interface QuestionBasis extends JudgedEstate {
  /** What admission decided lately, as far as this machine knows. */
  admission: AdmissionView;
  /** Who enforces each policy in force. */
  placed: readonly PlacedPolicy[];
  /** Policies of others among the objects, and who enforces them. */
  guards: readonly Guard[];
  /** Names of the policies that come with Breakwater. */
  ours: ReadonlySet<string>;
}

/** An answer as a question gives it; its evidence is counted and cut by whoever puts the sheet together. */
export type Answer = Omit<QuestionAnswer, 'n' | 'id' | 'question' | 'more'>;

/** One question of the sheet. A function of its basis alone. */
export interface Question {
  /** Stable, kebab-case. */
  id: string;
  question: string;
  answer(basis: QuestionBasis): Answer;
}
