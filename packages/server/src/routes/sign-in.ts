import { UserError } from '@breakwater/model';
import type { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_COOKIE } from '../security/guard.ts';
import type { Sessions } from '../security/sessions.ts';

/** `GET /sign-in?code=` trades a one-time code for a session cookie; `POST /sign-out` ends it. */
export function addSignIn(app: Hono, sessions: Sessions): void {
  app.get('/sign-in', (context) => {
    const secret = sessions.redeem(context.req.query('code') ?? '');
    if (secret === undefined) {
      throw new UserError('This sign-in link was used already or is too old.', {
        code: 'sign-in-expired',
        hint: 'Start `breakwater up` again: it prints a new link.',
      });
    }
    setCookie(context, SESSION_COOKIE, secret, { httpOnly: true, sameSite: 'Strict', path: '/' });
    // A page, not a redirect: the browser follows it as our own, so that the strict cookie is sent at once.
    return context.html(
      '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Breakwater</title><p><a href="/">Signed in. Go on.</a>',
    );
  });
  app.post('/sign-out', (context) => {
    sessions.end(getCookie(context, SESSION_COOKIE) ?? '');
    deleteCookie(context, SESSION_COOKIE, { path: '/' });
    return context.body(null, 204);
  });
}
