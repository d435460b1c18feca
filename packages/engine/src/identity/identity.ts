import type { ManifestObject, Unknown, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf, objectsOf } from '../json/index.ts';
import { podSpecsOf } from './pod-specs.ts';
import { Roles, roleRefName } from './roles.ts';
import { permissionSteps } from './steps.ts';
import { impliedGroups, principalId, serviceAccount, serviceAccountId, subjectIdentity } from './subjects.ts';
import type { Grant, Identity, IdentityFacts } from './types.ts';

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
  const clusters = new Set([...objects, ...workloads].map(({ cluster }) => cluster));
  for (const cluster of clusters)
    addBindings(
      facts,
      identities,
      objects.filter((object) => object.cluster === cluster),
    );
  addTokens(facts, identities, objects, workloads);
  for (const identity of identities.values())
    identity.groups = impliedGroups(identity)
      .map((group) => principalId(identity.cluster, 'Group', group))
      .filter((id) => identities.has(id));
  facts.identities = [...identities.values()];
  facts.steps = permissionSteps(facts.identities, facts.grants);
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
): void {
  const roles = new Roles(objects);
  for (const binding of objects) {
    if (!binding.apiVersion.startsWith('rbac.authorization.k8s.io/')) continue;
    if (binding.kind !== 'RoleBinding' && binding.kind !== 'ClusterRoleBinding') continue;
    const role = roles.get(roleRefName(binding));
    if (role === undefined) facts.unknowns.push(roleMissing(binding));
    for (const subject of objectsOf(fieldOf(binding.object, 'subjects'))) {
      const named = subjectIdentity(subject, binding);
      if (named === undefined) {
        facts.unknowns.push(subjectUnknown(binding));
        continue;
      }
      const identity = join(identities, named);
      if (role !== undefined) facts.grants.push(grantOf(identity, binding, role));
    }
  }
}

function grantOf(
  identity: Identity,
  binding: ManifestObject,
  role: { name: string; rules: Grant['rules']; places: Grant['places'] },
): Grant {
  const namespace = binding.kind === 'RoleBinding' ? binding.namespace : '';
  const name = binding.kind === 'RoleBinding' ? `${binding.namespace}/${binding.name}` : binding.name;
  return {
    id: `${identity.id}|${binding.kind} ${name}|${role.name}`,
    identity: identity.id,
    cluster: binding.cluster,
    namespace,
    role: role.name,
    binding: `${binding.kind} ${name}`,
    rules: role.rules,
    places: [binding.place, ...role.places],
  };
}

function roleMissing(binding: ManifestObject): Unknown {
  return {
    code: 'role-missing',
    message: `${binding.kind} ${binding.name} gives ${roleRefName(binding)}, which neither these manifests nor Kubernetes define: what it allows is not known.`,
    place: binding.place,
    subject: `${binding.cluster}/${binding.namespace}/${binding.kind}/${binding.name}`,
    hint: 'Give the manifest that defines the role too.',
  };
}

function subjectUnknown(binding: ManifestObject): Unknown {
  return {
    code: 'subject-invalid',
    message: `${binding.kind} ${binding.name} names a subject that is no user, group or service account: whom it empowers is not known.`,
    place: binding.place,
    subject: `${binding.cluster}/${binding.namespace}/${binding.kind}/${binding.name}`,
  };
}

function addTokens(
  facts: IdentityFacts,
  identities: Map<string, Identity>,
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): void {
  const specs = podSpecsOf(objects, workloads);
  for (const workload of workloads) {
    if (!kubernetesKinds.has(workload.kind)) continue;
    const id = serviceAccountId(workload.cluster, workload.namespace, workload.serviceAccount);
    const account =
      identities.get(id) ??
      join(identities, serviceAccount(workload.cluster, workload.namespace, workload.serviceAccount));
    facts.runsAs.set(workload.id, id);
    const mounted = workload.automountToken ?? account.automount;
    if (mounted || projectsToken(specs.get(workload.id))) facts.tokens.set(workload.id, id);
  }
}

/** Whether a projected volume gives the pod a token for the API server, whatever automounting says. */
function projectsToken(spec: ReturnType<typeof objectOf>): boolean {
  return objectsOf(fieldOf(spec, 'volumes')).some((volume) =>
    listOf(fieldAt(volume, 'projected', 'sources')).some((source) => {
      const token = objectOf(fieldOf(objectOf(source), 'serviceAccountToken'));
      const audience = fieldOf(token, 'audience');
      return token !== undefined && (audience === undefined || audience === '' || /kubernetes/.test(String(audience)));
    }),
  );
}
