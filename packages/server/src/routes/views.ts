import type { AdmissionOutlook, EstateMap, QuestionSheet } from '@breakwater/model';
import { nothingRead, type ReadRoute } from './read.ts';

/** Views of the newest assessment as a whole; undefined before there is one. */
export interface ViewService {
  questions(): Promise<QuestionSheet | undefined>;
  map(): Promise<EstateMap | undefined>;
  outlook(): Promise<AdmissionOutlook | undefined>;
}

/** Nothing has been read. */
export const NO_VIEWS: ViewService = {
  questions: async () => undefined,
  map: async () => undefined,
  outlook: async () => undefined,
};

/** Routes that read views of the whole estate. */
export const VIEW_ROUTES: ReadRoute<ViewService>[] = [
  {
    path: '/api/questions',
    summary: 'The questions about the estate, answered',
    answer: async (views) => (await views.questions()) ?? nothingRead(),
  },
  {
    path: '/api/map',
    summary: 'Who can reach whom in groups, and the likeliest ways of attackers',
    answer: async (views) => (await views.map()) ?? nothingRead(),
  },
  {
    path: '/api/admission/outlook',
    summary: 'What admission would refuse and warn of today, by policy and by team, and which exceptions count',
    answer: async (views) => (await views.outlook()) ?? nothingRead(),
  },
];
