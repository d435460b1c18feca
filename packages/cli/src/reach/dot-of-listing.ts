import type { ReachListing, ReachRow } from '@breakwater/app/reach';

/**
 * Connections as a graph in the DOT language of Graphviz: a frame for each namespace, an edge for each connection; too
 * many of them are drawn between namespaces.
 */
export function dotOfListing({ rows, namespaces }: ReachListing): string {
  const ends = [...new Set(rows.flatMap(({ from, to }) => [from, to]))].sort();
  const framed = Map.groupBy(
    ends.filter((end) => isWorkload(end)),
    (end) => end.slice(0, end.indexOf('/')),
  );
  const lines = [
    ...[...framed].flatMap(([namespace, members]) => frame(namespace, members)),
    ...ends.filter((end) => !isWorkload(end)).map((end) => `  ${quote(end)} [shape=box style=dashed]`),
    ...rows.map(edge),
    ...namespaces.map(
      ({ from, to, pairs, of }) => `  ${quote(from)} -> ${quote(to)} [label=${quote(`${pairs} of ${of} pairs`)}]`,
    ),
  ];
  return ['digraph reach {', '  rankdir=LR', '  node [shape=box style=rounded]', ...lines, '}', ''].join('\n');
}

function isWorkload(end: string): boolean {
  return /^[^ /]+\/[^ /]+\/[^ /]+$/.test(end);
}

function frame(namespace: string, members: readonly string[]): string[] {
  return [
    `  subgraph ${quote(`cluster_${namespace}`)} {`,
    `    label=${quote(namespace)}`,
    ...members.map((member) => `    ${quote(member)} [label=${quote(member.slice(namespace.length + 1))}]`),
    '  }',
  ];
}

function edge({ from, to, ports, network }: ReachRow): string {
  const label = network === undefined ? ports : `${ports} on ${network}`;
  return `  ${quote(from)} -> ${quote(to)} [label=${quote(label)}]`;
}

/** A quoted id: nothing in it ends the quotes. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, ' ')}"`;
}
