// OpenAPI 3.1 out of the contract: what a stranger's client reads.
import { z } from 'zod';
import type { Route } from './route.ts';
import { problem } from './shapes.ts';

const schema = (type: z.ZodType, io: 'input' | 'output'): unknown => {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io, unrepresentable: 'any' });
  return rest;
};

const parameters = (shape: z.ZodObject | undefined, where: 'path' | 'query') =>
  Object.entries(shape?.shape ?? {}).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path' || !type.safeParse(undefined).success,
    schema: schema(type as z.ZodType, 'input'),
  }));

export function openapi(routes: Readonly<Record<string, Route>>, version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(routes)) {
    const content =
      route.file !== undefined
        ? { 'application/octet-stream': {} }
        : route.body === undefined
          ? undefined
          : { 'application/json': { schema: schema(route.body, 'input') } };
    const isPublic = route.roles.includes('public');
    (paths[route.path] ??= {})[route.method.toLowerCase()] = {
      operationId,
      summary: route.summary,
      'x-roles': route.roles,
      parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
      ...(content === undefined ? {} : { requestBody: { required: true, content } }),
      ...(isPublic
        ? {}
        : { security: [route.method === 'GET' ? { session: [] } : { session: [], csrf: [] }] }),
      responses: {
        200: {
          description: 'Done.',
          content:
            route.pdf === true
              ? { 'application/pdf': {} }
              : { 'application/json': { schema: schema(route.response, 'output') } },
        },
        default: {
          description: 'Refused, with a fixed word and the evidence.',
          content: { 'application/json': { schema: schema(problem, 'output') } },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'OpenCanvass desk', version, license: { name: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
        csrf: { type: 'apiKey', in: 'header', name: 'x-csrf-token' },
      },
    },
  };
}
