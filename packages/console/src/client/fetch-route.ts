import type { Problem, ROUTES } from '@breakwater/model';
import type { z } from 'zod';

type Routes = typeof ROUTES;

/** Path of a JSON route, as the model spells it. */
export type Route = keyof Routes;

/** What a route answers. */
export type Answer<R extends Route> = z.infer<Routes[R]>;

/** What fills a route: its `{...}` segments and its query. Absent and empty values are left out. */
export interface RouteInput {
  segments?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
}

/** A request that brought no answer: the server's problem (RFC 9457), or none when it could not be reached. */
export class RequestError extends Error {
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(problem: Pick<Problem, 'status' | 'title' | 'code' | 'hint'>) {
    super(problem.title);
    this.name = 'RequestError';
    this.status = problem.status;
    this.code = problem.code;
    this.hint = problem.hint;
  }
}

/** Address of a route. Segments and values are percent-encoded whole: ids hold slashes. */
export function routeAddress(route: Route, { segments = {}, query = {} }: RouteInput = {}): string {
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

/** The problem that a server tells in an answer that is none. */
export async function readProblem(response: Response): Promise<RequestError> {
  const fallback = { status: response.status, title: `The server answered ${response.status}`, code: 'no-answer' };
  try {
    return new RequestError({ ...fallback, ...((await response.json()) as Partial<Problem>), status: response.status });
  } catch {
    return new RequestError(fallback);
  }
}

/** What is said when there is no answer at all. */
export const unreachable = () =>
  new RequestError({
    status: 0,
    title: 'The server does not answer',
    code: 'unreachable',
    hint: 'Look at the terminal in which it was started, then try again.',
  });

/** Fetches a route. In development its answer is held against the model's schema; in production types suffice. */
export async function fetchRoute<R extends Route>(
  route: R,
  input: RouteInput = {},
  signal?: AbortSignal,
): Promise<Answer<R>> {
  let response: Response;
  try {
    response = await fetch(routeAddress(route, input), {
      headers: { accept: 'application/json' },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable();
  }
  if (!response.ok) throw await readProblem(response);
  const body: unknown = await response.json();
  if (import.meta.env.DEV) {
    const { ROUTES } = await import('@breakwater/model');
    return ROUTES[route].parse(body) as Answer<R>;
  }
  return body as Answer<R>;
}
