import {
  type Authorization,
  type Authorizer,
  Decision,
  GroupCheck,
  PathCheck,
  ResourceCheck,
} from '../authorization.ts';
import { fixed, type Price, TRAVERSAL } from '../cost/prices.ts';
import { exactly, plus, scale } from '../cost/range.ts';
import { sizeOf } from '../cost/sizes.ts';
import { AUTHORIZER, BOOL, type CelType, DECISION, GROUP_CHECK, PATH_CHECK, RESOURCE_CHECK, STRING } from '../types.ts';
import { CelError, Failure, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';
import { isLabel, isSubdomain } from './formats.ts';

/** So much that two checks are all that an expression can pay for. */
const CHECK = fixed(350_000);
/** A list, and for every second character a requirement of a list and a structure. */
const BASE = 10;
const REQUIREMENT = 50;

const SELECTOR: Price = {
  pay: (_, text) => BASE + Math.ceil(sizeOf(text) * TRAVERSAL) + Math.ceil(sizeOf(text) * 0.5) * REQUIREMENT,
  estimate: (operands) => {
    const size = operands[1]?.size ?? exactly(0);
    return { cost: plus(exactly(BASE), plus(scale(size, TRAVERSAL), scale(scale(size, 0.5), REQUIREMENT))) };
  },
};

const path = (authorizer: Authorizer, text: string): Value =>
  text.trim() === '' ? new CelError('path must not be empty') : new PathCheck(authorizer, text);

const resource = (group: GroupCheck, name: string): Value =>
  name.trim() === ''
    ? new CelError('resource must not be empty')
    : new ResourceCheck(group.$authorizer, { group: group.$group, resource: name });

function serviceAccount(authorizer: Authorizer, namespace: string, name: string): Value {
  if (!isSubdomain(name)) return new CelError(`Invalid service account name: ${name.slice(0, 60)}`);
  if (!isLabel(namespace)) return new CelError(`Invalid service account namespace: ${namespace.slice(0, 60)}`);
  return authorizer.$as(`system:serviceaccount:${namespace}:${name}`);
}

function check(authorizer: Authorizer, asked: Omit<Authorization, 'user'>): Value {
  const answer = authorizer.$ask(asked);
  return answer instanceof Failure ? answer : new Decision(answer);
}

const narrow = (name: string, field: 'subresource' | 'namespace' | 'name'): FunctionDeclaration =>
  member(name, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, (_, asked: ResourceCheck, text: string) =>
    asked.$with({ [field]: text }),
  );

const select = (field: 'fieldSelector' | 'labelSelector'): FunctionDeclaration =>
  member(
    field,
    [RESOURCE_CHECK, STRING],
    RESOURCE_CHECK,
    (_, asked: ResourceCheck, text: string) => asked.$with({ [field]: text }),
    SELECTOR,
  );

const about = (name: string, type: CelType, read: (decision: Decision) => Value): FunctionDeclaration =>
  member(name, [DECISION], type, (_, decision) => read(decision));

/** Kubernetes' authorization checks, answered by the look-up that the authorizer was made with. */
export const AUTHORIZER_FUNCTIONS: FunctionDeclaration[] = [
  member('path', [AUTHORIZER, STRING], PATH_CHECK, (_, authorizer, text) => path(authorizer, text)),
  member('group', [AUTHORIZER, STRING], GROUP_CHECK, (_, authorizer, group) => new GroupCheck(authorizer, group)),
  member('serviceAccount', [AUTHORIZER, STRING, STRING], AUTHORIZER, (_, authorizer, namespace, name) =>
    serviceAccount(authorizer, namespace, name),
  ),
  member('resource', [GROUP_CHECK, STRING], RESOURCE_CHECK, (_, group, name) => resource(group, name)),
  narrow('subresource', 'subresource'),
  narrow('namespace', 'namespace'),
  narrow('name', 'name'),
  select('fieldSelector'),
  select('labelSelector'),
  member(
    'check',
    [PATH_CHECK, STRING],
    DECISION,
    (_, { $authorizer, $path }: PathCheck, verb: string) => check($authorizer, { verb, path: $path }),
    CHECK,
  ),
  member(
    'check',
    [RESOURCE_CHECK, STRING],
    DECISION,
    (_, { $authorizer, $asked }: ResourceCheck, verb: string) => check($authorizer, { ...$asked, verb }),
    CHECK,
  ),
  about('allowed', BOOL, (decision) => decision.$answer.allowed),
  about('reason', STRING, (decision) => decision.$answer.reason ?? ''),
  about('errored', BOOL, (decision) => decision.$answer.error !== undefined),
  about('error', STRING, (decision) => decision.$answer.error ?? ''),
];
