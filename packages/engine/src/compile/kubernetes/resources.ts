import type { Operation, PolicyMatch } from '@breakwater/model';
import { type ServedKind, servedKind } from '../../inventory/served-kinds.ts';
import type { Gap } from '../compile-target.ts';

/** Where the API serves a kind, and what is done to it there. */
export interface Resource extends ServedKind {
  operations: readonly Operation[];
}

const WRITES: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE'];

/** Options of requests that reach into pods and nodes: they are the object of a CONNECT. */
const isConnection = (kind: string): boolean => /^(Pod|Service|Node).*Options$/.test(kind);

function resourceFor(kind: string): Resource | undefined {
  const served = servedKind(kind);
  return served && { ...served, operations: isConnection(kind) ? ['CONNECT'] : WRITES };
}

/** Every resource there is, without subresources. */
const EVERYTHING: Resource = { group: '*', version: '*', resources: ['*'], namespaced: false, operations: WRITES };

/** The resources that a policy looks at; kinds that cannot be told to be one are gaps. */
export function resourcesOf(
  kinds: readonly string[] | undefined,
  { apiGroups, operations = ['CREATE', 'UPDATE'] }: Pick<PolicyMatch, 'apiGroups' | 'operations'>,
): { resources: Resource[]; gaps: Gap[] } {
  const gap = (message: string): Gap => ({ code: 'kind', message, pointer: ['spec', 'match', 'kinds'] });
  const gaps: Gap[] = [];
  const candidates =
    kinds === undefined
      ? (apiGroups ?? ['*']).map((group): Resource => ({ ...EVERYTHING, group }))
      : kinds.flatMap((kind) => {
          const resource = resourceFor(kind);
          if (resource === undefined) gaps.push(gap(`the resource of kind ${kind} is not known`));
          return resource ?? [];
        });
  const resources = candidates
    .filter(({ group }) => apiGroups === undefined || apiGroups.includes(group))
    .map((resource) => ({ ...resource, operations: resource.operations.filter((name) => operations.includes(name)) }))
    .filter((resource) => resource.operations.length > 0);
  if (resources.length === 0 && gaps.length === 0) gaps.push(gap('no request carries what it looks at'));
  return { resources, gaps };
}
