import type { Json } from '@breakwater/model';
import { parse } from '../../policy/cel/parser.ts';
import { CONTAINER_FIELDS, CONTAINER_LISTS, POD_SPECS, WORKLOAD_FIELDS } from '../../policy/facts/kubernetes.ts';
import { freeNames } from '../cel/free-names.ts';
import { literal } from '../cel/literal.ts';
import { renameFree } from '../cel/rename.ts';
import type { UsedFields } from '../cel/used-fields.ts';

/** A named expression of a ValidatingAdmissionPolicy: it may use those before it. */
export interface NamedExpression {
  name: string;
  expression: string;
}

/** What a policy uses of the facts that Kubernetes does not have. */
export interface UsedFacts {
  containers?: UsedFields;
  workload?: UsedFields;
  params?: Readonly<Record<string, Json>>;
}

export interface FactVariables {
  variables: NamedExpression[];
  /** What stands for each fact in expressions: `variables.containers` for `containers`. */
  texts: Record<string, string>;
}

/**
 * The facts that a policy uses as expressions over `object`, with no more fields than it reads. They are of type `dyn`
 * as in our own evaluation, so that what passes our type check passes that of an API server.
 *
 * @param about the object that the policy looks at: `object`, or what goes where it judges deletions.
 * @param kinds with pods that the policy looks at.
 * @param taken names of the policy's own variables.
 */
export function factVariables(
  used: UsedFacts,
  about: string,
  kinds: readonly string[],
  taken: readonly string[],
): FactVariables {
  const variables: NamedExpression[] = [];
  const texts: Record<string, string> = {};
  const define = (fact: string, expression: string): string => {
    const name = taken.includes(fact) ? `${fact}_of_object` : fact;
    variables.push({ name, expression });
    return `variables.${name}`;
  };
  const add = (fact: string, expression: string): void => {
    texts[fact] = define(fact, expression);
  };
  const { containers, workload, params } = used;
  if (params !== undefined) add('params', `dyn(${literal(params)})`);
  if (containers === undefined && workload === undefined) return { variables, texts };
  const fields = fieldsOf(WORKLOAD_FIELDS, workload);
  const root = /^\w+$/.test(about) ? about : define('subject', `dyn(${about})`);
  if (usesName(fields, 'template'))
    add(
      'template',
      perKind(root, kinds, (path) => path.replace(/\.spec$/, '')),
    );
  add(
    'pod',
    perKind(root, kinds, (path) => path),
  );
  if (workload !== undefined) add('workload', mapOf(fields, { ...texts, object: root }));
  if (containers !== undefined) add('containers', containersText(fieldsOf(CONTAINER_FIELDS, containers), texts));
  return { variables, texts };
}

type Fields = readonly (readonly [name: string, source: string])[];

/** The definitions of the fields that are read; a field that does not exist stays out, as it is an error in both. */
const fieldsOf = (definitions: Readonly<Record<string, string>>, used: UsedFields | undefined): Fields =>
  Object.entries(definitions).filter(([name]) => used !== undefined && (used.all || used.names.has(name)));

const usesName = (fields: Fields, name: string): boolean =>
  fields.some(([, source]) => freeNames(parse(source)).some((identifier) => identifier.name === name));

/** API servers refuse maps of values of different types, therefore `dyn`. */
function mapOf(fields: Fields, texts: Readonly<Record<string, string>>): string {
  const entries = fields.map(([name, source]) => `'${name}': dyn(${renameFree(source, texts)})`);
  return `dyn({${entries.join(', ')}})`;
}

/** Every list of containers in one. A pod without `containers` is an error, as nothing was checked then. */
function containersText(fields: Fields, texts: Readonly<Record<string, string>>): string {
  const pod = texts['pod'] ?? '';
  const lists = CONTAINER_LISTS.map(([list, role]) => {
    const whole = `${pod}.${list}`;
    return { role, text: list === 'containers' ? whole : `(has(${whole}) ? ${whole} : [])` };
  });
  if (!usesName(fields, 'role')) {
    return `dyn((${lists.map(({ text }) => text).join(' + ')}).map(c, ${mapOf(fields, texts)}))`;
  }
  const mapped = lists.map(({ text, role }) => `${text}.map(c, ${mapOf(fields, { ...texts, role: `'${role}'` })})`);
  return `dyn(${mapped.join(' + ')})`;
}

/** A path that depends on the kind, the one that most kinds share last. */
function perKind(root: string, kinds: readonly string[], pathOf: (path: string) => string): string {
  const inside = (path: string): string => pathOf(path.replace(/^object\b/, root));
  const byPath = Map.groupBy(kinds, (kind) => inside(POD_SPECS[kind] ?? 'object.spec'));
  const groups = [...byPath].sort(([, a], [, b]) => a.length - b.length);
  const last = groups.pop()?.[0] ?? inside('object.spec');
  const choices = groups.map(([path, names]) =>
    names.length === 1
      ? `${root}.kind == '${names[0]}' ? ${path} : `
      : `${root}.kind in [${names.map((name) => `'${name}'`).join(', ')}] ? ${path} : `,
  );
  return `dyn(${[...choices, last].join('')})`;
}
