import { Problem } from '@breakwater/model';
import { z } from 'zod';
import { READ_ROUTES, type ReadRoute, STATUS_ROUTE } from './read.ts';

/** The OpenAPI 3.1 document, made from the very schemas that routes check and answer by. */
export function openApiDocument(version: string): object {
  const paths = Object.fromEntries(
    [...READ_ROUTES, STATUS_ROUTE].map((route) => [route.path, { get: operation(route) }]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Breakwater', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operation(route: Pick<ReadRoute, 'path' | 'summary' | 'parameters' | 'query' | 'response'>): object {
  const parameters = [...describeParameters(route.parameters, 'path'), ...describeParameters(route.query, 'query')];
  return {
    operationId: `get${route.path.replace(/^\/api/, '').replace(/[/{]+(\w)|\}/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')}`,
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      200: { description: route.summary, content: { 'application/json': { schema: jsonSchema(route.response) } } },
      default: {
        description: 'What went wrong (RFC 9457)',
        content: { 'application/problem+json': { schema: jsonSchema(Problem) } },
      },
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

function jsonSchema(schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return rest;
}
