import { attackEdges, type Edge, escapeEdges } from './rbac/attack-edges.ts';
import { AttackPaths } from './rbac/attack-paths.ts';
import { type Estate, readEstate, type Vertex } from './rbac/read-estate.ts';
import { classIn, type Row, vertices } from './rbac/vertices.ts';
import type { Answer, Suite } from './suite.ts';

type Fields = Record<string, unknown>;

/** Attack paths by KubeHound's names: which container escapes, which permission reaches which identity, pod or node. */
export const rbacSuite: Suite = {
  name: 'rbac',
  reads: [
    'edge',
    'manifests',
    'nodes',
    'from_class',
    'to_class',
    'scope',
    'pair_means',
    'question',
    'ask',
    'keys',
    'columns',
  ],
  answer(fields, folder): Answer {
    const { manifests, nodes, ask } = fields;
    const estate = readEstate(folder, manifests as string[], (nodes ?? []) as string[]);
    if (ask === 'rows') return rowsOf(estate, fields);
    if (ask === 'paths') return pathsOf(estate, fields);
    if (ask === 'values') return valuesOf(estate, fields);
    return pairsOf(estate, fields);
  },
};

function pairsOf(estate: Estate, { edge, from_class, scope, pair_means }: Fields): Answer {
  const found = pair_means === 'container, edge' ? escapeEdges(estate) : attackEdges(estate, String(edge));
  if (found === undefined) return { unsupported: `the attack ${String(edge)} is not told` };
  const conditions = Object.entries((scope ?? {}) as Fields).map(conditionOf);
  if (!conditions.every((condition) => condition !== undefined))
    return { unsupported: 'the scope is by something else than names and namespaces' };
  const pairs = found.filter(
    (each) => isOfClass(each, estate, from_class) && conditions.every((condition) => condition(each)),
  );
  return {
    answer: {
      pairs: pairs.map(([from, to]) => [from.name, to.name]),
      from: [...new Set(pairs.map(([from]) => from.name))],
      to: [...new Set(pairs.map(([, to]) => to.name))],
    },
  };
}

/** Vertices of a class with some of their properties; a property that they have not is not guessed. */
function rowsOf(estate: Estate, { question, from_class, to_class, scope, columns }: Fields): Answer {
  const of = classIn(String(question ?? '')) ?? String(from_class ?? to_class ?? '');
  const wanted = Object.entries((scope ?? {}) as Fields).map(
    ([key, value]) => [key.split('.').at(-1)!, value] as const,
  );
  const rows = vertices[of]?.(estate).filter((row) =>
    wanted.every(([key, value]) => [value].flat().includes(row[key])),
  );
  const names = (columns ?? ['name']) as string[];
  if (rows === undefined) return { unsupported: `vertices of ${of || 'no class'} are not told` };
  if (rows.some((row) => !names.every((name) => name in row))) return { unsupported: 'a property is not told' };
  const told = rows.map((row): Row => Object.fromEntries(names.map((name) => [name, row[name]])));
  return { answer: { rows: [...new Map(told.map((row) => [JSON.stringify(row), row])).values()] } };
}

function pathsOf(estate: Estate, { question, from_class, scope }: Fields): Answer {
  const paths = new AttackPaths(estate);
  const of = String(from_class ?? classIn(String(question ?? '')) ?? 'Endpoint');
  const only = new Set([(scope as Fields | undefined)?.['from.name'] ?? []].flat());
  const starts = paths.named(of).filter((name) => only.size === 0 || only.has(name));
  return { answer: { paths: paths.shapes(starts.map((name) => `${of} ${name}`)) } };
}

/** For each key: has what it names a way to the whole cluster (without an attack that it names), or is it that itself. */
function valuesOf(estate: Estate, { keys, edge }: Fields): Answer {
  const paths = new AttackPaths(estate);
  const containers = new Set(paths.named('Container'));
  const values: Fields = {};
  for (const key of (keys ?? []) as string[]) {
    const words = key.split(/[\s,()'"]+/);
    const without = new Set(words.filter((word) => /^[A-Z][A-Z_]{4,}$/.test(word)));
    if (/\bwithout that edge\b/i.test(key)) without.add(String(edge));
    const [container] = words.filter((word) => containers.has(word));
    const all = classIn(key.replace(/^.*\bfrom (all |any )?/i, ''));
    if (/hops|steps/i.test(key)) values[key] = paths.hops(of(container, all, paths));
    else if (container !== undefined && !/\bis (it )?critical\b/i.test(key))
      values[key] = paths.hops([`Container ${container}`], without) !== undefined;
    else values[key] = words.some((word) => paths.isCritical(word));
  }
  return Object.values(values).includes(undefined)
    ? { unsupported: 'a key is not understood' }
    : { answer: { values } };
}

const of = (container: string | undefined, all: string | undefined, paths: AttackPaths): string[] =>
  container !== undefined ? [`Container ${container}`] : paths.named(all ?? '').map((name) => `${all} ${name}`);

/** Both nodes and containers act as identities: only those that are asked for. */
const isOfClass = ([from]: Edge, { nodes }: Estate, asked: unknown): boolean =>
  asked === undefined || nodes.some(({ name }) => name === from.name) === (asked === 'Node');

/** `from.namespace: default`: one value, or one of several. */
function conditionOf([key, wanted]: [string, unknown]): ((edge: Edge) => boolean) | undefined {
  const [side, field] = key.split('.');
  const isContainer = field === 'container' && side === 'from';
  if ((side !== 'from' && side !== 'to') || (field !== 'name' && field !== 'namespace' && !isContainer))
    return undefined;
  const values = new Set(Array.isArray(wanted) ? wanted : [wanted]);
  return ([from, to]) => values.has((side === 'from' ? from : to)[isContainer ? 'name' : (field as keyof Vertex)]);
}
