import { ACTIONS } from '@breakwater/model';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';
import { requireOwnPages } from '../security/own-pages.ts';

type Actions = typeof ACTIONS;

/** A route that does something: its path as OpenAPI spells it, and what does it with a body that was checked. */
export interface ActionRoute<Source, Path extends keyof Actions = keyof Actions> {
  path: Path;
  summary: string;
  parameters: z.ZodObject;
  act(
    source: Source,
    parameters: Record<string, string>,
    body: z.output<Actions[Path]['request']>,
  ): Promise<z.input<Actions[Path]['answer']>>;
}

/** Gives a route the type of its own body. */
export function actionRoute<Source, Path extends keyof Actions>(route: ActionRoute<Source, Path>): ActionRoute<Source> {
  return route as unknown as ActionRoute<Source>;
}

/** Bytes of a request: names of behaviours and a reason. */
const ACTION_BODY = 64 * 1024;

/** Adds a route that does something for who is signed in, and for no page of others. */
export function addActionRoute<Source>(app: Hono, route: ActionRoute<Source>, source: Source): void {
  const path = route.path.replace(/\{(\w+)\}/g, ':$1');
  app.post(path, requireOwnPages, bodyLimit({ maxSize: ACTION_BODY, onError: refuseBody }), async (context) => {
    const body = await readBody(context, ACTIONS[route.path].request);
    return context.json((await route.act(source, context.req.param() as Record<string, string>, body)) as object);
  });
}

async function readBody<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(parseJson(await context.req.text()));
  if (parsed.success) return parsed.data;
  throw new HTTPException(400, {
    message: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseBody(): never {
  throw new HTTPException(413, { message: 'The request is too large.' });
}
