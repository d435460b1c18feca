import { type Problem, UpstreamError, UserError } from '@breakwater/model';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';

/** Answers an error as RFC 9457 tells. What is not ours to explain is reported on stderr and said without detail. */
export function answerProblem(error: unknown, context: Context): Response {
  const problem = toProblem(error);
  if (problem.status === 500) console.error(error);
  context.header('Content-Type', 'application/problem+json');
  return context.body(JSON.stringify(problem), problem.status as 400);
}

function toProblem(error: unknown): Problem {
  if (error instanceof HTTPException) {
    const cause = error.cause instanceof UserError ? error.cause : undefined;
    return describe(error.status, error.message, cause?.code ?? 'http', cause?.hint);
  }
  if (error instanceof UserError) return describe(400, error.message, error.code, error.hint);
  if (error instanceof UpstreamError) return describe(503, error.message, error.code, error.hint);
  return describe(500, 'The server failed on this request.', 'bug', 'Its terminal shows what happened.');
}

function describe(status: number, title: string, code: string, hint: string | undefined): Problem {
  return { type: 'about:blank', title, status, code, ...(hint ? { hint } : {}) };
}

/** What a lookup of something unknown throws. */
export function notFound(what: string, id: string): HTTPException {
  const cause = new UserError(`There is no ${what} ${id.slice(0, 200)}.`, {
    code: 'not-found',
    hint: 'It may have gone with the last reading.',
  });
  return new HTTPException(404, { message: cause.message, cause });
}
