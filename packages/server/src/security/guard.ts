import { UserError } from '@breakwater/model';
import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import type { Sessions } from './sessions.ts';

export const SESSION_COOKIE = 'breakwater-session';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Refuses names that are not this machine's: a page of a stranger whose name was pointed at 127.0.0.1 stays outside. */
export const requireLoopbackHost: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? new URL(context.req.url).host;
  if (!LOOPBACK.has(host.replace(/:\d+$/, '')))
    throw new HTTPException(421, { message: 'This server answers for localhost only.' });
  await next();
};

/** Lets the server's token or a browser's session pass. */
export function requireSession(sessions: Sessions): MiddlewareHandler {
  return async (context, next) => {
    const bearer = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    const cookie = getCookie(context, SESSION_COOKIE);
    const allowed =
      (bearer !== undefined && sessions.isToken(bearer)) || (cookie !== undefined && sessions.isSession(cookie));
    if (!allowed) {
      const cause = new UserError('Sign in first.', {
        code: 'signed-out',
        hint: 'Open the link that `breakwater up` printed, or start it again for a new one.',
      });
      throw new HTTPException(401, { message: cause.message, cause });
    }
    await next();
  };
}
