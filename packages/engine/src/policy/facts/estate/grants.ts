import type { ManifestObject } from '@breakwater/model';
import { builtInRoles } from '../../../identity/built-in-roles.ts';
import { Roles, roleRefName } from '../../../identity/roles.ts';
import { impliedGroups, principalId, serviceAccount, subjectIdentity } from '../../../identity/subjects.ts';
import type { Identity, PermissionRule } from '../../../identity/types.ts';
import { fieldAt, fieldOf, objectsOf, textOf } from '../../../json/index.ts';
import { CelUnknown } from '../../cel/index.ts';
import { type Entry, manifestOf } from './entry.ts';

/** What one binding gives one subject: an element of the fact `grants`. */
export interface GrantFact {
  /** `ServiceAccount shop/builder`, `Group developers`. */
  name: string;
  subject: { kind: string; namespace: string; name: string };
  binding: { kind: string; namespace: string; name: string };
  role: { kind: string; namespace: string; name: string };
  /** Holds in every namespace, and for what is in none. */
  clusterWide: boolean;
  /** One that Kubernetes itself makes when it starts. */
  builtIn: boolean;
  /** Rules of the role after aggregation. Unknown where nothing in view defines it. */
  rules: readonly PermissionRule[] | CelUnknown;
}

interface Granted {
  identity: Identity;
  fact: GrantFact;
}

const BINDINGS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding']);

/** Who may do what through which binding, joined once for all objects of a cluster. */
export class Grants {
  readonly #roles: Roles;
  readonly #complete: boolean;
  /** Bindings that are not in view may add to what is found. */
  readonly #open: boolean;
  readonly #bindings: readonly Entry[];
  #byIdentity: Map<string, GrantFact[]> | undefined;

  constructor(entries: readonly Entry[], { complete, partial }: { complete: boolean; partial: boolean }) {
    const objects = entries.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole').map(manifestOf);
    this.#roles = new Roles(objects);
    this.#complete = complete;
    this.#bindings = entries.filter(({ kind }) => BINDINGS.has(kind));
    this.#open = partial || (!complete && this.#bindings.length === 0);
  }

  /** What a binding gives to each of its subjects. */
  ofBinding(entry: Entry): GrantFact[] {
    return this.#granted(entry).map(({ fact }) => fact);
  }

  /**
   * Everything that a service account is given: by its own name, and as a member of the groups of all accounts. Of
   * files it is known only where they have bindings, and none of them is in a template that was not rendered.
   */
  ofAccount(namespace: string, name: string): GrantFact[] | CelUnknown {
    if (this.#open) return new CelUnknown(['grants']);
    this.#byIdentity ??= this.#index();
    const account = serviceAccount('', namespace, name);
    const groups = impliedGroups(account).map((group) => principalId('', 'Group', group));
    return [account.id, ...groups].flatMap((id) => this.#byIdentity?.get(id) ?? []);
  }

  #index(): Map<string, GrantFact[]> {
    const index = new Map<string, GrantFact[]>();
    for (const entry of this.#bindings)
      for (const { identity, fact } of this.#granted(entry)) {
        const known = index.get(identity.id);
        if (known === undefined) index.set(identity.id, [fact]);
        else known.push(fact);
      }
    return index;
  }

  #granted(entry: Entry): Granted[] {
    const binding = manifestOf(entry);
    const { kind, namespace, name, object } = entry;
    const rules = this.#rulesOf(binding);
    const role = {
      kind: textOf(fieldAt(object, 'roleRef', 'kind')) ?? '',
      namespace: fieldAt(object, 'roleRef', 'kind') === 'Role' ? namespace : '',
      name: textOf(fieldAt(object, 'roleRef', 'name')) ?? '',
    };
    const builtIn = fieldAt(object, 'metadata', 'labels', 'kubernetes.io/bootstrapping') === 'rbac-defaults';
    return objectsOf(fieldOf(object, 'subjects')).flatMap((subject) => {
      const identity = subjectIdentity(subject, binding);
      if (identity === undefined) return [];
      const fact = {
        name: nameOf(identity),
        subject: { kind: identity.kind, namespace: identity.namespace, name: identity.name },
        binding: { kind, namespace, name },
        role,
        clusterWide: kind === 'ClusterRoleBinding',
        builtIn,
        rules,
      };
      return [{ identity, fact }];
    });
  }

  #rulesOf(binding: ManifestObject): readonly PermissionRule[] | CelUnknown {
    const name = roleRefName(binding);
    const role = this.#roles.get(name);
    if (role !== undefined) return role.rules;
    return this.#complete ? [] : new CelUnknown([`rules of ${name}`]);
  }
}

/** Whether Kubernetes itself brings a role, as `ClusterRole view`. */
export const isBuiltInRole = (name: string): boolean => builtInRoles.has(name);

const nameOf = ({ kind, namespace, name }: Identity): string =>
  kind === 'ServiceAccount' ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
