import { readFileSync } from 'node:fs';
import type { AssessmentView, FindingScope } from '@breakwater/app/assessment';
import { explain, explainFinding } from '@breakwater/app/explain';
import { patchFix } from '@breakwater/app/fix';
import { ListQuery, type ROUTES, UserError } from '@breakwater/model';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { notFound } from '../problem.ts';
import { imageStory, workloadStory } from './stories.ts';

/** A GET route under `/api`. What it answers is in the model's `ROUTES`; these schemas check what is asked. */
export interface ReadRoute<Source = AssessmentView> {
  path: keyof typeof ROUTES;
  summary: string;
  parameters?: z.ZodObject;
  query?: z.ZodObject;
  answer(source: Source, input: { parameters: Record<string, string>; query: unknown }): Promise<unknown>;
}

const byId = z.object({ id: z.string() });
const findingQuery = ListQuery.extend({
  workload: z.string().max(1000).optional(),
  image: z.string().max(1000).optional(),
  rule: z.string().max(1000).optional(),
});

/** Every route that reads the newest assessment, in the order of the model's table. */
export const READ_ROUTES: ReadRoute[] = [
  {
    path: '/api/summary',
    summary: 'The headline of the ranking',
    answer: async (view) => (await view.summary()) ?? nothingRead(),
  },
  {
    path: '/api/ranking',
    summary: 'The ranking whole, as `breakwater rank --output json` prints it',
    answer: async (view) => (await view.ranking()) ?? nothingRead(),
  },
  {
    path: '/api/workloads',
    summary: 'Workloads, riskiest first',
    query: ListQuery,
    answer: (view, { query }) => view.workloads(query as ListQuery),
  },
  {
    path: '/api/workloads/{id}',
    summary: 'A workload on one page',
    parameters: byId,
    answer: async (view, { parameters: { id = '' } }) => (await workloadStory(view, id)) ?? missing('workload', id),
  },
  {
    path: '/api/images',
    summary: 'Images',
    query: ListQuery,
    answer: (view, { query }) => view.images(query as ListQuery),
  },
  {
    path: '/api/images/{id}',
    summary: 'An image on one page',
    parameters: byId,
    answer: async (view, { parameters: { id = '' } }) => (await imageStory(view, id)) ?? missing('image', id),
  },
  {
    path: '/api/findings',
    summary: 'Open findings, those that matter first',
    query: findingQuery,
    answer: (view, { query }) => view.findings(query as ListQuery & FindingScope),
  },
  {
    path: '/api/findings/{key}',
    summary: 'A finding with its chain',
    parameters: z.object({ key: z.string() }),
    async answer(view, { parameters: { key = '' } }) {
      const finding = (await view.finding(key)) ?? missing('finding', key);
      return { finding, explanation: await explainFinding(view, finding) };
    },
  },
  {
    path: '/api/explain/{id}',
    summary: 'The chain behind any id',
    parameters: byId,
    answer: async (view, { parameters: { id = '' } }) =>
      (await explain(view, id)) ?? missing('workload, image, finding or fix called', id),
  },
  {
    path: '/api/fixes',
    summary: 'Fixes by the loss they remove',
    answer: async (view) => ({ items: (await view.fixes()).map(({ fix }) => fix) }),
  },
  {
    path: '/api/fixes/{n}',
    summary: 'A fix with its patch',
    parameters: z.object({ n: z.string() }),
    answer: async (view, { parameters: { n = '' } }) =>
      patchFix((await view.fix(Number(n))) ?? missing('fix', n), (path) => readFileSync(path, 'utf8')),
  },
  {
    path: '/api/unknowns',
    summary: 'What could not be read or decided',
    answer: async (view) => ({ items: await view.unknowns() }),
  },
  {
    path: '/api/policies',
    summary: 'Policies, and how the estate stands to them',
    answer: async (view) => ({ items: await view.policies() }),
  },
];

/** `/api/status` answers from the server itself. */
export const STATUS_ROUTE = { path: '/api/status', summary: 'What this server is and what it last read' } as const;

function missing(what: string, id: string): never {
  throw notFound(what, id);
}

/** Throws: an answer needs an estate that was read. */
export function nothingRead(): never {
  const cause = new UserError('Nothing has been read yet.', {
    code: 'nothing-read',
    hint: 'Wait until the first reading is done, or start `breakwater up PATH...`.',
  });
  throw new HTTPException(404, { message: cause.message, cause });
}
