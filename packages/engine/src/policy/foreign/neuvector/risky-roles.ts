import { CelUnknown, Failure } from '../../cel/index.ts';
import { listOf, recordOf } from '../../loose-values.ts';
import { type Answer, anyOf } from '../three-valued.ts';
import type { JudgedObject } from './judged-object.ts';
import { valuesOf } from './operators.ts';

interface Permission {
  group: string;
  resource: string;
  verb: string;
}

const all = (group: string, resources: readonly string[], verbs: readonly string[]): Permission[] =>
  resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })));

/** Permissions of which one is enough, by the names that NeuVector gives them. */
const RISKY: Readonly<Record<string, readonly Permission[]>> = {
  risky_role_view_secret: all('', ['secrets'], ['get', 'list']),
  risky_role_any_action_workload: [
    ...all('', ['pods', 'pods/log'], ['*']),
    ...all('apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], ['*']),
    ...all('batch', ['jobs', 'cronjobs'], ['*']),
    ...all('autoscaling', ['horizontalpodautoscalers'], ['*']),
  ],
  risky_role_any_action_rbac: all('rbac.authorization.k8s.io', ['roles', 'rolebindings'], ['*']),
  risky_role_create_pod: all('', ['pods'], ['create']),
  risky_role_exec_into_container: all('', ['pods/exec'], ['create']),
};

/** Whether the account of an object's pods has one of the permissions that a criterion names. */
export function hasRiskyRole(value: string, judged: JudgedObject): Answer {
  const asked = valuesOf({ value }).flatMap((tag) => (Object.hasOwn(RISKY, tag) ? (RISKY[tag] ?? []) : []));
  return anyOf(asked, (permission) => isAllowed(permission, judged));
}

/** By what the API server answers; where it is not asked, by the bindings in view. */
function isAllowed(permission: Permission, judged: JudgedObject): Answer {
  return byAuthorizer(permission, judged) ?? byGrants(permission, judged);
}

function byAuthorizer({ group, resource, verb }: Permission, judged: JudgedObject): Answer {
  const { authorizer, account } = judged;
  const namespace = judged.namespace || 'default';
  const [name = '', subresource] = resource.split('/');
  const answer = authorizer?.$ask({
    user: `system:serviceaccount:${namespace}:${account}`,
    group,
    resource: name,
    verb,
    namespace,
    ...(subresource === undefined ? {} : { subresource }),
  });
  return answer === undefined || answer instanceof Failure || answer.error !== undefined ? undefined : answer.allowed;
}

function byGrants({ group, resource, verb }: Permission, { grants }: JudgedObject): Answer {
  if (!Array.isArray(grants)) return undefined;
  return anyOf(grants as unknown[], (grant) => {
    const { rules } = recordOf(grant);
    if (rules instanceof CelUnknown) return undefined;
    return listOf(rules).some((rule) => {
      const { apiGroups, resources, verbs, resourceNames } = recordOf(rule);
      return (
        names(apiGroups, group) &&
        names(resources, resource) &&
        names(verbs, verb) &&
        listOf(resourceNames).length === 0
      );
    });
  });
}

const names = (list: unknown, name: string): boolean => listOf(list).some((one) => one === '*' || one === name);
