import type { AdmissionView } from '@breakwater/model';
import type { ReadRoute } from './read.ts';

/** What admission decided, as far as this server sees it. */
export interface AdmissionService {
  view(): Promise<AdmissionView>;
}

/** Routes that read what admission decided lately. */
export const ADMISSION_ROUTES: ReadRoute<AdmissionService>[] = [
  {
    path: '/api/admission',
    summary: 'What admission refused, warned of or let through by exception lately, and the snapshot it answers from',
    answer: ({ view }) => view(),
  },
];
