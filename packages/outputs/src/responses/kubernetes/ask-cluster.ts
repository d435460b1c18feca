import { UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';
import type { ApiAnswer, ClusterApi, ResponsePorts } from '../response.ts';

/** A name as Kubernetes has them for objects: it goes into a path. */
export const ObjectName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'a name of an object of Kubernetes');

export const Metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  creationTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z
    .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }))
    .default([]),
});

export const JSON_PATCH = 'application/json-patch+json';

/** The cluster that was named. @throws {UserError} where none was */
export function clusterOf({ cluster }: ResponsePorts): ClusterApi {
  if (cluster !== undefined) return cluster;
  throw new UserError('Which cluster is it in?', { code: 'cluster-missing', hint: 'Name a context: --context NAME.' });
}

/** Asks, and reads the answer. @throws {UserError} for what is refused or not there; {UpstreamError} for the server's own faults */
export async function askFor<T>(
  cluster: ClusterApi,
  schema: z.ZodType<T>,
  method: string,
  path: string,
  body?: object,
  contentType?: string,
): Promise<T> {
  return answered(cluster, schema, await cluster.ask(method, path, body, contentType));
}

/** Reads an answer, like `askFor`. */
export function answered<T>(cluster: ClusterApi, schema: z.ZodType<T>, answer: ApiAnswer): T {
  if (answer.status >= 200 && answer.status < 300) return schema.parse(answer.body);
  const said = z.object({ message: z.string() }).safeParse(answer.body).data?.message ?? `HTTP ${answer.status}`;
  const message = `Cluster ${cluster.name}: ${said.slice(0, 500)}`;
  if (answer.status >= 500 || answer.status === 429) throw new UpstreamError(message, { code: 'cluster-failed' });
  throw new UserError(message, {
    code: CODES[answer.status] ?? 'cluster-refused',
    ...(answer.status === 403
      ? { hint: 'deploy/rbac/responder.yaml permits what responses take, and nothing else.' }
      : {}),
  });
}

const CODES: Record<number, string> = { 404: 'target-missing', 409: 'target-changed', 422: 'target-changed' };

/** Whatever is answered. */
export const Anything = z.unknown();
