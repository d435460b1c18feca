import type { Unknown } from '@breakwater/model';
import { z } from 'zod';
import type { ChosenKind } from './choose-kinds.ts';
import type { ClusterClient } from './cluster-client.ts';
import { ClusterError } from './cluster-error.ts';
import { clusterSource } from './cluster-target.ts';

const Review = z.object({ status: z.object({ allowed: z.boolean() }) });

/**
 * Whether a kind of which only metadata is read may be listed. It is asked for beforehand: who lacks this permission
 * does so on purpose, and a refusal in the audit log would look like an attempt to read secrets.
 */
export async function mayRead(
  client: ClusterClient,
  { group, resource, content }: ChosenKind,
  namespace: string | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (content === 'whole') return true;
  const attributes = { group, resource, verb: 'list', ...(namespace === undefined ? {} : { namespace }) };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: attributes },
  };
  try {
    const answer = await client.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, { signal });
    return Review.safeParse(answer).data?.status.allowed === true;
  } catch (error) {
    if (error instanceof ClusterError && error.status === 403) return false;
    throw error;
  }
}

/** Told beside the rest: nothing is judged by the names of secrets, only unused ones stay unseen. */
export function secretsUnread(cluster: string): Unknown {
  return {
    code: 'cluster-secrets-unread',
    message: `Names of Secrets of cluster ${cluster} may not be read: which of them nothing uses is not known.`,
    place: { source: clusterSource(cluster), path: '/secrets' },
    hint: 'deploy/rbac/secret-names.yaml permits it, and says what that means.',
  };
}
