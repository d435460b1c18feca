import { identityOf } from '@breakwater/engine/identity';
import { coverageOf, loggedBy, type UseOfIdentity, usesOf } from '@breakwater/engine/identity/usage';
import { workloadsOf } from '@breakwater/engine/inventory';
import {
  type IdentityUse,
  type ManifestObject,
  type PermissionReport,
  SCHEMA_VERSION,
  type Unknown,
  UserError,
} from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { recogniseInputs, showPath } from '@breakwater/sources/inputs';
import type { ReadLiveOptions } from '../clusters/read-live.ts';
import { collectUsage } from './collect-usage.ts';

export interface UnusedPermissionsOptions {
  /** Files that say what the API server logs. */
  auditPolicies?: readonly string[];
  /** Only identities of these names: `alice`, `shop/robot`. */
  only?: readonly string[];
  clusters?: ReadLiveOptions | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: { done: number; total: number; subject: string }) => void;
}

/**
 * Tells which permissions the identities of manifests or clusters used, by the audit logs among the paths, and which roles
 * would be enough. Throws UserError where no path is an audit log.
 */
export async function tellUnusedPermissions(
  paths: string[],
  options: UnusedPermissionsOptions = {},
): Promise<PermissionReport> {
  const { auditPolicies = [], only = [], signal, onProgress } = options;
  const inputs = await recogniseInputs(paths, signal);
  if (inputs.audits.length === 0)
    throw new UserError('None of these is an audit log of Kubernetes.', {
      code: 'audit-missing',
      hint: 'Name the log that --audit-log-path writes, packed or not, beside the manifests or the cluster.',
    });
  const { readAuditPolicies } = await import('@breakwater/sources/audit');
  const policies = auditPolicies.flatMap(readAuditPolicies);
  const { objects, unknowns } = await readObjects(inputs, options);
  const facts = identityOf(objects, workloadsOf(objects).workloads);
  const { usage, unknowns: broken } = await collectUsage(inputs.audits, facts, {
    signal,
    onFile: (path, done) => onProgress?.({ done, total: inputs.audits.length, subject: showPath(path) }),
  });
  const uses = usesOf(facts, usage, policies.length === 0 ? undefined : loggedBy(policies));
  const wanted = uses.filter((use) => only.length === 0 || only.some((name) => isNamed(use, name)));
  return {
    schemaVersion: SCHEMA_VERSION,
    coverage: coverageOf(usage, policies.length > 0),
    identities: await Promise.all(wanted.map(withYaml)),
    strangers: [...usage.strangers]
      .map(([user, requests]) => ({ user, requests }))
      .sort((a, b) => b.requests - a.requests),
    unknowns: [...inputs.unknowns, ...unknowns, ...broken, ...facts.unknowns],
  };
}

const isNamed = ({ namespace, name }: UseOfIdentity, wanted: string): boolean =>
  wanted === name || wanted === `${namespace}/${name}`;

const withYaml = async (use: UseOfIdentity): Promise<IdentityUse> => ({
  ...use,
  sufficient: use.sufficient.length === 0 ? '' : await yamlDocuments(use.sufficient),
});

async function readObjects(
  inputs: Awaited<ReturnType<typeof recogniseInputs>>,
  { clusters, signal, onProgress }: UnusedPermissionsOptions,
): Promise<{ objects: ManifestObject[]; unknowns: Unknown[] }> {
  const objects: ManifestObject[] = [];
  const unknowns: Unknown[] = [];
  if (inputs.manifests.length > 0) {
    const { readManifests } = await import('@breakwater/sources/manifests');
    const read = await readManifests(inputs.manifests, {
      except: inputs.claimed,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    for (const object of read.objects) objects.push(object);
    unknowns.push(...read.unknowns);
  }
  if (inputs.clusters.length > 0) {
    const { readLive } = await import('../clusters/read-live.ts');
    const live = await readLive(inputs.clusters, { ...clusters, signal, ...(onProgress ? { onProgress } : {}) });
    for (const object of live.objects) objects.push(object);
    unknowns.push(...live.unknowns);
  }
  return { objects, unknowns };
}
