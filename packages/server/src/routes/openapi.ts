import * as model from '@breakwater/model';
import { z } from 'zod';
import type { ActionRoute } from './act.ts';
import { ADMISSION_ROUTES } from './admission.ts';
import { PROFILE_ACTIONS, PROFILE_ROUTES } from './behaviour.ts';
import { CLUSTER_ROUTES } from './clusters.ts';
import { EVENTS_OPERATIONS } from './events.ts';
import { INCIDENT_ACTIONS, INCIDENT_ROUTES } from './incidents.ts';
import { READ_ROUTES, type ReadRoute, STATUS_ROUTE } from './read.ts';
import { REGISTRY_OPERATIONS, REGISTRY_ROUTES } from './registries.ts';
import { VIEW_ROUTES } from './views.ts';

const SCHEMAS = '#/components/schemas/';

/** The OpenAPI 3.1 document, made from the very schemas that routes check and answer by. */
export function openApiDocument(version: string): object {
  const paths = Object.fromEntries(
    [
      ...READ_ROUTES,
      ...VIEW_ROUTES,
      ...REGISTRY_ROUTES,
      ...CLUSTER_ROUTES,
      ...ADMISSION_ROUTES,
      ...PROFILE_ROUTES,
      ...INCIDENT_ROUTES,
      STATUS_ROUTE,
    ].map((route) => [route.path, { get: operation(route) }]),
  );
  const actions = [...PROFILE_ACTIONS, ...INCIDENT_ACTIONS].map((route) => [route.path, { post: action(route) }]);
  return {
    openapi: '3.1.0',
    info: { title: 'Breakwater', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ token: [] }],
    paths: {
      ...paths,
      ...Object.fromEntries(actions),
      '/api/events': { post: EVENTS_OPERATION },
      '/api/read': { post: READ_OPERATION },
      ...Object.fromEntries(
        Object.entries({ ...REGISTRY_OPERATIONS, ...EVENTS_OPERATIONS }).map(([path, about]) => [
          path,
          { post: { ...about, responses: { ...about.responses, default: EVENTS_OPERATION.responses.default } } },
        ]),
      ),
    },
    components: { schemas: namedSchemas(), securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

/** Events come as their source writes them, so their schema is the source's. */
const EVENTS_OPERATION = {
  operationId: 'postEvents',
  summary: 'Takes runtime events: JSON lines of Tetragon, JSON of Falco (at most 8 MiB)',
  requestBody: {
    required: true,
    content: { 'application/json': { schema: {} }, 'application/x-ndjson': { schema: {} } },
  },
  responses: {
    202: {
      description: 'How many events were taken, and what could not be read',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['accepted', 'unknowns'],
            properties: {
              accepted: { type: 'integer' },
              unknowns: { type: 'array', items: { $ref: `${SCHEMAS}Unknown` } },
            },
          },
        },
      },
    },
    default: {
      description: 'What went wrong (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: `${SCHEMAS}Problem` } } },
    },
  },
};

const READ_OPERATION = {
  operationId: 'postRead',
  summary: 'Reads the estate again when its files changed, and answers when that is done',
  responses: {
    200: {
      description: 'Whether anything had changed',
      content: {
        'application/json': {
          schema: { type: 'object', required: ['changed'], properties: { changed: { type: 'boolean' } } },
        },
      },
    },
    default: EVENTS_OPERATION.responses.default,
  },
};

function operation(route: Pick<ReadRoute<never>, 'path' | 'summary' | 'parameters' | 'query'>): object {
  const parameters = [...describeParameters(route.parameters, 'path'), ...describeParameters(route.query, 'query')];
  return {
    operationId: `get${nameOf(route.path)}`,
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: responses(route.summary, model.ROUTES[route.path]),
  };
}

function action({ path, summary, parameters }: Pick<ActionRoute<never>, 'path' | 'summary' | 'parameters'>): object {
  const { request, answer } = model.ACTIONS[path];
  return {
    operationId: `post${nameOf(path)}`,
    summary,
    parameters: describeParameters(parameters, 'path'),
    requestBody: { required: true, content: { 'application/json': { schema: reference(request) } } },
    responses: responses(summary, answer),
  };
}

/** `/api/workloads/{id}` as `WorkloadsId`. */
const nameOf = (path: string): string =>
  path.replace(/^\/api/, '').replace(/[/{]+(\w)|\}/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');

function responses(description: string, answer: z.ZodType): object {
  return {
    200: { description, content: { 'application/json': { schema: reference(answer) } } },
    default: {
      description: 'What went wrong (RFC 9457)',
      content: { 'application/problem+json': { schema: reference(model.Problem) } },
    },
  };
}

function describeParameters(schema: z.ZodObject | undefined, where: 'path' | 'query'): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path',
    schema: jsonSchema(type as z.ZodType),
  }));
}

/** The model's schemas by the name under which it exports them, in order of their names. */
const NAMES = new Map(
  Object.entries(model)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => (value instanceof z.ZodType ? [[value as z.ZodType, name] as const] : [])),
);

/** Every schema of the model once, each naming the others. */
function namedSchemas(): object {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of NAMES) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'output', unrepresentable: 'any', uri: (id) => SCHEMAS + id });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

function reference(schema: z.ZodType): object {
  const name = NAMES.get(schema);
  return name === undefined ? jsonSchema(schema) : { $ref: SCHEMAS + name };
}

function jsonSchema(schema: z.ZodType): object {
  return withoutIdentity(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

/** In a document of many schemas each is known by its place. */
function withoutIdentity({ $schema, $id, ...rest }: z.core.JSONSchema.BaseSchema): object {
  return rest;
}
