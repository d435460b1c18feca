import { lookWhereNotified, type RegistryView, readNotification } from '@breakwater/app/registries';
import { UserError, WatchedTagQuery } from '@breakwater/model';
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { openAllowance } from '../security/allowance.ts';
import { equalSecrets } from '../security/tokens.ts';
import type { ReadRoute } from './read.ts';

/** What watches registries on behalf of this server. */
export interface RegistryService {
  view: RegistryView;
  /** Import time of the newest advisories, empty without any. */
  advisories(): string;
  /** ISO 8601. */
  now(): string;
  /** What registries prove themselves with when they send notifications. */
  notificationToken: string;
}

/** Routes that read what is known of registries, in the order of the model's table. */
export const REGISTRY_ROUTES: ReadRoute<RegistryService>[] = [
  {
    path: '/api/registries',
    summary: 'Watched registries and how they stand',
    answer: ({ view, advisories }) => view.list(advisories()),
  },
  {
    path: '/api/registries/tags',
    summary: 'Tags that are followed, with what is known of their images',
    query: WatchedTagQuery,
    answer: ({ view, now }, { query }) => view.tags(query as WatchedTagQuery, now()),
  },
  {
    path: '/api/registries/events',
    summary: 'What happened in registries and to what is known of their images, latest first',
    answer: async ({ view }) => ({ items: await view.events() }),
  },
  {
    path: '/api/registries/sprawl',
    summary: 'What gathered that nobody runs, and what stands on a base that gets no more fixes',
    answer: ({ view, now }) => view.sprawl(now()),
  },
];

/** Bytes of a notification: an envelope of a few pushes. */
const NOTIFICATION_BODY = 1024 * 1024;
/** Notifications that are taken at once, and how many more each second. */
const NOTIFICATIONS = { burst: 60, perSecond: 5 };

const LookRequest = z.object({ name: z.string().max(600).optional() });

const looks = {
  description: 'How many looks are due now',
  content: {
    'application/json': {
      schema: { type: 'object', required: ['looks'], properties: { looks: { type: 'integer' } } },
    },
  },
};

/** Operations that change what is due, for the OpenAPI document. */
export const REGISTRY_OPERATIONS = {
  '/api/registries/look': {
    operationId: 'postRegistriesLook',
    summary: 'Looks at a registry, or at all, now',
    requestBody: {
      content: { 'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } } } },
    },
    responses: { 202: looks },
  },
  '/hooks/registries': {
    operationId: 'postRegistryNotification',
    summary: "A registry's notification (Distribution, Harbor, Docker Hub, Azure, Quay); with the notification token",
    requestBody: { required: true, content: { 'application/json': { schema: {} } } },
    responses: { 202: looks },
  },
};

/** `POST /api/registries/look`, for who is signed in. */
export function addLookRoute(app: Hono, { view, now }: RegistryService): void {
  app.post('/api/registries/look', bodyLimit({ maxSize: 4096, onError: refuseBody }), async (context) => {
    const { name } = LookRequest.parse(readJson(await context.req.text()) ?? {});
    const scopes = await view.scopes();
    const wanted = scopes.filter((scope) => name === undefined || scope.name === name);
    if (name !== undefined && wanted.length === 0) {
      const cause = new UserError(`'${name.slice(0, 200)}' is not watched.`, {
        code: 'registry-not-watched',
        hint: `Watched: ${scopes.map((scope) => scope.name).join(', ') || 'none'}.`,
      });
      throw new HTTPException(404, { message: cause.message, cause });
    }
    let count = 0;
    for (const scope of wanted) count += await view.lookNow({ watch: scope.name }, now(), true);
    return context.json({ looks: count }, 202);
  });
}

/** `POST /hooks/registries`, for registries: outside of `/api`, with a token that opens nothing else. */
export function addNotificationRoute(app: Hono, service: RegistryService): void {
  const allowance = openAllowance(NOTIFICATIONS, () => Date.parse(service.now()));
  app.post(
    '/hooks/registries',
    async (context, next) => {
      if (!proves(context.req.header('authorization') ?? '', service.notificationToken)) {
        const cause = new UserError('The token of notifications is missing or wrong.', {
          code: 'notification-token-wrong',
          hint: 'Send `Authorization: Bearer TOKEN` with the token from the file that `breakwater registry hook` names.',
        });
        throw new HTTPException(401, { message: cause.message, cause });
      }
      if (!allowance.take()) {
        context.header('Retry-After', '5');
        const cause = new UserError('Too many notifications.', { code: 'notifications-too-many' });
        throw new HTTPException(429, { message: cause.message, cause });
      }
      await next();
    },
    bodyLimit({ maxSize: NOTIFICATION_BODY, onError: refuseBody }),
    async (context) => {
      const body = readJson(await context.req.text());
      if (body === undefined) throw new HTTPException(400, { message: 'The notification is no JSON.' });
      return context.json({ looks: await lookWhereNotified(service.view, readNotification(body), service.now()) }, 202);
    },
  );
}

/** `Bearer TOKEN`, or Basic with the token as the password: some registries can send nothing else. */
function proves(header: string, token: string): boolean {
  if (token === '') return false;
  const bearer = /^Bearer (.+)$/i.exec(header)?.[1];
  if (bearer !== undefined) return equalSecrets(bearer, token);
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  const password = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1);
  return password !== undefined && password.length > 0 && equalSecrets(password.join(':'), token);
}

function refuseBody(): never {
  throw new HTTPException(413, { message: 'The request is too large.' });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
