import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { EVENTS_BODY, type EventsAnswer, type EventsRequest } from '../ingest/answer-events.ts';
import { EVENTS_PATH } from '../ingest/listen-for-events.ts';

/** `POST /api/v1/events` for sensors of this machine: beside the session, with a key that opens nothing else. */
export function addEventsRoute(
  app: Hono,
  answer: ((request: EventsRequest) => Promise<EventsAnswer>) | undefined,
): void {
  app.post(EVENTS_PATH, bodyLimit({ maxSize: EVENTS_BODY, onError: refuseBody }), async (context) => {
    if (answer === undefined) throw new HTTPException(503, { message: 'Events are taken by another process.' });
    const body = new Uint8Array(await context.req.arrayBuffer());
    const answered = await answer({ headers: context.req.header(), body });
    context.header('Cache-Control', 'no-store');
    return context.body(answered.body, answered.status as 200, answered.headers);
  });
}

function refuseBody(): never {
  throw new HTTPException(413, { message: 'A request may carry 16 MiB of events. Send them in parts.' });
}

/** For the OpenAPI document. */
export const EVENTS_OPERATIONS = {
  [EVENTS_PATH]: {
    operationId: 'postSensorEvents',
    summary:
      'Takes runtime events with a key of `breakwater ingest key`: of sensors, Tetragon, Falco and falcosidekick, Tracee, KubeArmor, auditd, and the audit webhook of an API server',
    description:
      'At most 16 MiB, packed with gzip or not. Breakwater-Sensor, -Sequence, -Oldest and -Time name a batch that is counted once, however often it comes. Answered when it is stored; 429 and 503 say with Retry-After when to come again.',
    requestBody: {
      required: true,
      content: { 'application/x-ndjson': { schema: {} }, 'application/json': { schema: {} } },
    },
    responses: {
      200: {
        description: 'What was stored',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['accepted', 'unknown', 'unknowns', 'ahead', 'duplicate', 'stored'],
              properties: {
                accepted: { type: 'integer' },
                unknown: { type: 'integer', description: 'Events that could not be read' },
                unknowns: { type: 'array', items: { $ref: '#/components/schemas/Unknown' } },
                ahead: { type: 'integer', description: 'Events whose time was minutes ahead of ours' },
                duplicate: { type: 'boolean', description: 'Stored before, and not counted again' },
                stored: {
                  type: 'array',
                  description: 'Batches of this sensor that need not be sent again, as ranges of their numbers',
                  items: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
                },
                skew: { type: 'integer', description: "Seconds by which the sender's clock is ahead of ours" },
              },
            },
          },
        },
      },
    },
  },
};
