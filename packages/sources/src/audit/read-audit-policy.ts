import { readFileSync, statSync } from 'node:fs';
import { type JsonObject, UserError } from '@breakwater/model';
import { parseYamlDocuments } from '../manifests/parse-documents.ts';

const LARGEST = 1024 * 1024;

/** Reads the policies of a file that says what an API server logs. Throws UserError for a file that holds none. */
export function readAuditPolicies(path: string): JsonObject[] {
  try {
    const file = statSync(path);
    if (!file.isFile() || file.size > LARGEST) throw noPolicy(path);
    const policies = parseYamlDocuments(readFileSync(path, 'utf8')).documents.flatMap(({ value }) => policyOf(value));
    if (policies.length === 0) throw noPolicy(path);
    return policies;
  } catch (cause) {
    throw cause instanceof UserError ? cause : noPolicy(path, cause);
  }
}

function policyOf(value: unknown): JsonObject[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { apiVersion, kind } = value as Record<string, unknown>;
  return kind === 'Policy' && String(apiVersion).startsWith('audit.k8s.io/') ? [value as JsonObject] : [];
}

const noPolicy = (path: string, cause?: unknown): UserError =>
  new UserError(`${path} holds no audit policy of Kubernetes.`, {
    code: 'audit-policy-unreadable',
    hint: 'Give the file that the API server is started with: --audit-policy-file.',
    ...(cause === undefined ? {} : { cause }),
  });
