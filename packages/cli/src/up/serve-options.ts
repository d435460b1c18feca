import type { AssessmentStore } from '@breakwater/app/assessment';
import type { Invocation } from '../command.ts';

/** What serving an estate needs. */
export interface ServeOptions {
  invocation: Invocation;
  store: AssessmentStore;
  paths: string[];
  /** Files and folders of policies and exceptions to put in force too. */
  policies: string[];
  port: number;
}
