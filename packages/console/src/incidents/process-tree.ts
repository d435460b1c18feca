import type { IncidentProcess } from '@breakwater/model';

/** A process and what it started. */
export interface ProcessNode {
  process: IncidentProcess;
  children: ProcessNode[];
}

/** Trees of processes by container. What names a parent that is not here, or one below itself, stands at the top. */
export function processTrees(processes: readonly IncidentProcess[]): ProcessNode[] {
  const nodes = new Map(processes.map((process) => [process.id, { process, children: [] as ProcessNode[] }]));
  const parents = new Map(processes.map(({ id, parent }) => [id, parent]));
  const roots: ProcessNode[] = [];
  for (const node of nodes.values()) {
    const { id, parent } = node.process;
    const above = parent === undefined || isBelowItself(id, parents) ? undefined : nodes.get(parent);
    (above?.children ?? roots).push(node);
  }
  return roots;
}

function isBelowItself(id: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let at = parents.get(id); at !== undefined; at = parents.get(at)) {
    if (at === id) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}
