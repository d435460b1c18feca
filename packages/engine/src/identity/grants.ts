import type { ManifestObject, Unknown } from '@breakwater/model';
import { fieldOf, objectsOf } from '../json/index.ts';
import { type Role, Roles, roleRefName } from './roles.ts';
import { subjectIdentity } from './subjects.ts';
import type { Grant, Identity } from './types.ts';

/** One subject of one binding. */
export interface Granted {
  identity: Identity;
  /** Missing where nothing defines the role. */
  grant?: Grant;
}

/** What the bindings of one cluster give, and those of which that is not known. */
export function grantsOf(objects: readonly ManifestObject[]): {
  granted: Granted[];
  roles: Roles;
  unknowns: Unknown[];
} {
  const roles = new Roles(objects);
  const granted: Granted[] = [];
  const unknowns: Unknown[] = [];
  for (const binding of objects) {
    if (!binding.apiVersion.startsWith('rbac.authorization.k8s.io/')) continue;
    if (binding.kind !== 'RoleBinding' && binding.kind !== 'ClusterRoleBinding') continue;
    const role = roles.get(roleRefName(binding));
    if (role === undefined) unknowns.push(roleMissing(binding));
    for (const subject of objectsOf(fieldOf(binding.object, 'subjects'))) {
      const identity = subjectIdentity(subject, binding);
      if (identity === undefined) unknowns.push(subjectUnknown(binding));
      else granted.push({ identity, ...(role === undefined ? {} : { grant: grantOf(identity, binding, role) }) });
    }
  }
  return { granted, roles, unknowns };
}

function grantOf(identity: Identity, binding: ManifestObject, role: Role): Grant {
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
