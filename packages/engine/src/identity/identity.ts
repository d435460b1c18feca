import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { definitionsOf } from '../inventory/definitions-of.ts';
import { fieldAt, fieldOf, listOf, objectOf, objectsOf } from '../json/index.ts';
import { grantsOf } from './grants.ts';
import { podSpecOf, podSpecsOf } from './pod-specs.ts';
import type { Roles } from './roles.ts';
import { permissionSteps } from './steps.ts';
import { impliedGroups, principalId, serviceAccount, serviceAccountId } from './subjects.ts';
import { audiencesOf, opensApi } from './token-audiences.ts';
import type { Identity, IdentityFacts, PermissionRule } from './types.ts';

/** Kinds whose pods the API server gives a service account. */
const kubernetesKinds = new Set([
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'DeploymentConfig',
  'Rollout',
]);

/**
 * Who there is in the estate, what each may do, whose token each workload holds, and the steps that this opens.
 * A binding to a role that neither the manifests nor Kubernetes define is an unknown.
 */
export function identityOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): IdentityFacts {
  const facts: IdentityFacts = {
    identities: [],
    grants: [],
    steps: [],
    tokens: new Map(),
    runsAs: new Map(),
    unknowns: [],
  };
  const identities = new Map<string, Identity>();
  for (const account of accountsOf(objects)) join(identities, account);
  const roles = new Map<string, Roles>();
  for (const [cluster, own] of Map.groupBy(objects, (object) => object.cluster))
    roles.set(cluster, addBindings(facts, identities, own));
  addTokens(facts, identities, objects, workloads);
  for (const identity of identities.values())
    identity.groups = impliedGroups(identity)
      .map((group) => principalId(identity.cluster, 'Group', group))
      .filter((id) => identities.has(id));
  facts.identities = [...identities.values()];
  const roleOf = (cluster: string, role: string): PermissionRule[] | undefined => roles.get(cluster)?.get(role)?.rules;
  facts.steps = permissionSteps(facts.identities, facts.grants, roleOf);
  return facts;
}

function join(identities: Map<string, Identity>, identity: Identity): Identity {
  const known = identities.get(identity.id);
  if (known === undefined) {
    identities.set(identity.id, identity);
    return identity;
  }
  known.places.push(...identity.places);
  return known;
}

/** Where several files define an account, it mounts its token when one of them lets it. */
function accountsOf(objects: readonly ManifestObject[]): Identity[] {
  const accounts = new Map<string, Identity>();
  for (const object of objects) {
    if (object.kind !== 'ServiceAccount' || object.apiVersion !== 'v1') continue;
    const automount = fieldOf(object.object, 'automountServiceAccountToken') !== false;
    const account = join(accounts, {
      ...serviceAccount(object.cluster, object.namespace, object.name),
      automount,
      places: [object.place],
    });
    account.automount ||= automount;
  }
  return [...accounts.values()];
}

function addBindings(
  facts: IdentityFacts,
  identities: Map<string, Identity>,
  objects: readonly ManifestObject[],
): Roles {
  const { granted, roles, unknowns } = grantsOf(objects);
  for (const { identity, grant } of granted) {
    join(identities, identity);
    if (grant !== undefined) facts.grants.push(grant);
  }
  for (const unknown of unknowns) facts.unknowns.push(unknown);
  return roles;
}

function addTokens(
  facts: IdentityFacts,
  identities: Map<string, Identity>,
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): void {
  const definitions = definitionsOf(objects, workloads);
  let known: Set<string> | undefined;
  const audiences = () => (known ??= audiencesOf(podSpecsOf(objects, workloads).values()));
  for (const [position, workload] of workloads.entries()) {
    if (!kubernetesKinds.has(workload.kind)) continue;
    const id = serviceAccountId(workload.cluster, workload.namespace, workload.serviceAccount);
    const account =
      identities.get(id) ??
      join(identities, serviceAccount(workload.cluster, workload.namespace, workload.serviceAccount));
    facts.runsAs.set(workload.id, id);
    const mounted = workload.automountToken ?? account.automount;
    if (mounted || projectsToken(podSpecOf(definitions[position], workload), audiences))
      facts.tokens.set(workload.id, id);
  }
}

/** Whether a projected volume gives the pod a token for the API server, whatever automounting says. */
function projectsToken(spec: JsonObject | undefined, audiences: () => ReadonlySet<string>): boolean {
  return objectsOf(fieldOf(spec, 'volumes')).some((volume) =>
    listOf(fieldAt(volume, 'projected', 'sources')).some((source) => {
      const token = objectOf(fieldOf(objectOf(source), 'serviceAccountToken'));
      return token !== undefined && opensApi(fieldOf(token, 'audience'), audiences());
    }),
  );
}
