import { type Grant, type Identity, namesAllowed } from '@breakwater/engine/identity';
import type { Container, Workload } from '@breakwater/model';
import { escapesOf } from '../../../packages/engine/src/risk/graph/escapes.ts';
import { bindingEdges } from './binding-edges.ts';
import { endpointsOf } from './endpoint-edges.ts';
import { containerOf, type Estate, permissionSetOf, type Vertex } from './read-estate.ts';
import { volumeAttacks } from './volume-edges.ts';

/** An attack from one thing to another. */
export type Edge = readonly [from: Vertex, to: Vertex];

/** Which permission makes an attack, and what it leads to. */
interface PermissionAttack {
  resource: string;
  verbs: readonly string[];
  targets(estate: Estate): Vertex[];
  /** `resourceNames` are those of the targets. */
  named?: boolean;
}

const pods = ({ workloads }: Estate): Vertex[] => workloads.filter(({ kind }) => kind === 'Pod');
/** Accounts that a binding names: the others may do nothing. */
const accounts = (estate: Estate): Identity[] => bound(estate, 'ServiceAccount');

function bound({ identity: { identities, grants } }: Estate, kind: Identity['kind']): Identity[] {
  const named = new Set(grants.map((grant) => grant.identity));
  return identities.filter((each) => each.kind === kind && named.has(each.id));
}

/** Whom `impersonate` on a resource lets somebody act as. */
const impersonated = [
  ['users', 'User'],
  ['groups', 'Group'],
  ['serviceaccounts', 'ServiceAccount'],
] as const;

const permissionAttacks: Readonly<Record<string, PermissionAttack>> = {
  POD_CREATE: { resource: 'pods', verbs: ['create'], targets: ({ nodes }) => nodes },
  POD_EXEC: { resource: 'pods/exec', verbs: ['create'], targets: pods, named: true },
  POD_PATCH: { resource: 'pods', verbs: ['patch', 'update'], targets: pods, named: true },
  TOKEN_BRUTEFORCE: { resource: 'secrets', verbs: ['get'], targets: accounts },
  TOKEN_LIST: { resource: 'secrets', verbs: ['list'], targets: accounts },
};

/** Ways out of a container by the suite's names, told from what our engine calls escapes. */
const escapeAttacks: Readonly<Record<string, (names: readonly string[], workload: Workload) => boolean>> = {
  CE_MODULE_LOAD: (names) => names.some((name) => /^privileged$|^capability\/(SYS_MODULE|ALL)$/.test(name)),
  CE_PRIV_MOUNT: (names) => names.includes('privileged'),
  CE_NSENTER: (names, { hostPID }) => hostPID && names.includes('privileged'),
  CE_SYS_PTRACE: (names, { hostPID }) => hostPID && names.includes('capability/SYS_PTRACE'),
  CE_UMH_CORE_PATTERN: (names) =>
    ['/', '/proc', '/proc/sys', '/proc/sys/kernel'].some((path) => names.includes(`host-path/${path}/write`)),
};

/** Everything by which one attack leads from one thing to another; undefined for an attack that is not told. */
export function attackEdges(estate: Estate, attack: string): Edge[] | undefined {
  const permission = permissionAttacks[attack];
  if (permission !== undefined) return byPermission(estate, permission);
  if (escapeAttacks[attack] !== undefined)
    return containersOf(estate).flatMap(([workload, container]) =>
      escapesBy(workload, container).includes(attack)
        ? estate.nodes.map((node) => [containerOf(workload, container), node] as const)
        : [],
    );
  if (attack === 'SHARE_PS_NAMESPACE') return bySharing(estate);
  if (attack === 'CONTAINER_ATTACH')
    return containersOf(estate).map(([workload, container]) => [workload, containerOf(workload, container)]);
  if (attack === 'PERMISSION_DISCOVER') return byGrant(estate);
  if (attack === 'IDENTITY_ASSUME') return [...byToken(estate), ...byKubelet(estate)];
  if (attack === 'IDENTITY_IMPERSONATE')
    return impersonated.flatMap(([resource, kind]) =>
      byPermission(estate, { resource, verbs: ['impersonate'], targets: () => bound(estate, kind), named: true }),
    );
  if (attack === 'ROLE_BIND') return bindingEdges(estate);
  if (attack === 'ENDPOINT_EXPLOIT')
    return endpointsOf(estate).map((endpoint) => [endpoint, endpoint.container] as const);
  if (Object.hasOwn(volumeAttacks, attack)) return volumeAttacks[attack]!(estate);
  return undefined;
}

/** Every container with the name of each way out of it. */
export function escapeEdges(estate: Estate): Edge[] {
  return containersOf(estate).flatMap(([workload, container]) =>
    escapesBy(workload, container).map((name) => [containerOf(workload, container), { name, namespace: '' }] as const),
  );
}

function escapesBy(workload: Workload, container: Container): string[] {
  const names = escapesOf(workload)
    .filter((way) => way.container === container)
    .map(({ name }) => name.replace(`/${container.name}`, ''));
  return Object.keys(escapeAttacks).filter((attack) => escapeAttacks[attack]?.(names, workload));
}

function byPermission(estate: Estate, { resource, verbs, targets, named = false }: PermissionAttack): Edge[] {
  const { identity } = estate;
  const grants = new Map(identity.grants.map((grant) => [`${grant.binding} ${grant.role}`, grant]));
  return [...grants.values()].flatMap((grant) => {
    const names = namesOf(grant, resource, verbs);
    return targets(estate)
      .filter(({ namespace }) => namespace === '' || grant.namespace === '' || namespace === grant.namespace)
      .filter(({ name }) => names.all || (named && names.some.has(name)))
      .map((target) => [permissionSetOf(grant), target] as const);
  });
}

/** The names of a resource for which a grant allows one of the verbs. */
function namesOf({ rules }: Grant, resource: string, verbs: readonly string[]): { all: boolean; some: Set<string> } {
  const allowed = rules.flatMap((rule) => verbs.map((verb) => namesAllowed(rule, verb, '', resource)));
  return {
    all: allowed.some((names) => names?.length === 0),
    some: new Set(allowed.flatMap((names) => names ?? [])),
  };
}

function bySharing({ workloads, sharing }: Estate): Edge[] {
  return workloads
    .filter(({ id }) => sharing.has(id))
    .flatMap((workload) =>
      workload.containers.flatMap((from) =>
        workload.containers
          .filter((to) => to !== from)
          .map((to) => [containerOf(workload, from), containerOf(workload, to)] as const),
      ),
    );
}

function byGrant({ identity: { identities, grants } }: Estate): Edge[] {
  const byId = new Map(identities.map((identity) => [identity.id, identity]));
  return grants.map((grant) => [byId.get(grant.identity)!, permissionSetOf(grant)]);
}

function byToken(estate: Estate): Edge[] {
  const { identity, workloads } = estate;
  const byId = new Map(accounts(estate).map((each) => [each.id, each]));
  return workloads.flatMap((workload) => {
    const holder = byId.get(identity.tokens.get(workload.id) ?? '');
    return holder === undefined
      ? []
      : workload.containers.map((each) => [containerOf(workload, each), holder] as const);
  });
}

/** The kubelet of each node is in the group of nodes. */
const byKubelet = ({ nodes }: Estate): Edge[] => nodes.map((node) => [node, { name: 'system:nodes', namespace: '' }]);

const containersOf = ({ workloads }: Estate): [Workload, Container][] =>
  workloads.flatMap((workload) => workload.containers.map((container): [Workload, Container] => [workload, container]));
