import { UserError } from '@breakwater/model';
import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';

/**
 * Refuses what a page of another origin sends: a strict cookie goes along with requests of whatever else listens on this
 * machine, since ports make no other site. A body of JSON cannot be sent across origins without being asked for first.
 */
export const requireOwnPages: MiddlewareHandler = async (context, next) => {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new HTTPException(415, { message: 'The body has to be JSON, and to say so.' });
  const { host } = new URL(context.req.url);
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site');
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (!isOwn || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    const cause = new UserError('This came from a page of another origin.', {
      code: 'origin-foreign',
      hint: 'Do it in the console itself, or with the token of this server.',
    });
    throw new HTTPException(403, { message: cause.message, cause });
  }
  await next();
};
