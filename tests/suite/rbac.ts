import { attackEdges, type Edge, escapeEdges } from './rbac/attack-edges.ts';
import { type Estate, readEstate, type Vertex } from './rbac/read-estate.ts';
import type { Answer, Suite } from './suite.ts';

/** Attack paths by KubeHound's names: which container escapes, which permission reaches which identity, pod or node. */
export const rbacSuite: Suite = {
  name: 'rbac',
  reads: ['edge', 'manifests', 'nodes', 'from_class', 'scope', 'pair_means', 'ask'],
  answer({ edge, manifests, nodes, from_class, scope, pair_means, ask }, folder): Answer {
    if (ask !== undefined && ask !== 'pairs' && ask !== 'from' && ask !== 'to')
      return { unsupported: `${String(ask)} are not told` };
    const estate = readEstate(folder, manifests as string[], (nodes ?? []) as string[]);
    const found = pair_means === 'container, edge' ? escapeEdges(estate) : attackEdges(estate, String(edge));
    if (found === undefined) return { unsupported: `the attack ${String(edge)} is not told` };
    const conditions = Object.entries((scope ?? {}) as Record<string, unknown>).map(conditionOf);
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
  },
};

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
