/**
 * Nodes of a dependency graph that only development reaches: from `development`, and never from `production`. What
 * neither reaches is not among them, for why it is listed is not known.
 */
export function developmentOnly<Node>(
  production: Iterable<Node>,
  development: Iterable<Node>,
  next: (node: Node) => Iterable<Node>,
): Set<Node> {
  const shipped = reach(production, next);
  return new Set([...reach(development, next)].filter((node) => !shipped.has(node)));
}

function reach<Node>(starts: Iterable<Node>, next: (node: Node) => Iterable<Node>): Set<Node> {
  const reached = new Set(starts);
  for (const node of reached) for (const target of next(node)) reached.add(target);
  return reached;
}
