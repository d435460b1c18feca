import type { IncidentProcess } from '@breakwater/model';
import type { IncidentState, KeptProcess } from './state.ts';

const MOST = 100;

/** The processes that entries are of, and those above them, each after its parent, with short ids in that order. */
export function processesOf({ processes, entries }: IncidentState): {
  processes: IncidentProcess[];
  idOf: ReadonlyMap<string, string>;
} {
  const byKey = new Map(processes.map((one) => [one.key, one]));
  const wanted = new Set<string>();
  for (const { process } of entries)
    for (let at = process; at !== undefined && byKey.has(at) && !wanted.has(at); at = byKey.get(at)?.parent)
      wanted.add(at);
  const children = Map.groupBy(processes.filter(({ key }) => wanted.has(key)).sort(compareStart), ({ parent }) =>
    parent !== undefined && wanted.has(parent) ? parent : '',
  );
  const line: KeptProcess[] = [];
  const visit = (parent: string): void => {
    for (const child of children.get(parent) ?? []) {
      if (line.length >= MOST || line.includes(child)) continue;
      line.push(child);
      visit(child.key);
    }
  };
  visit('');
  const idOf = new Map(line.map(({ key }, index) => [key, `p${index + 1}`]));
  return { processes: line.map((process) => told(process, idOf)), idOf };
}

function compareStart(a: KeptProcess, b: KeptProcess): number {
  const [one, other] = [a.startTime ?? '', b.startTime ?? ''];
  if (one !== other) return one < other ? -1 : 1;
  return (a.pid ?? 0) - (b.pid ?? 0) || (a.key < b.key ? -1 : 1);
}

function told(process: KeptProcess, idOf: ReadonlyMap<string, string>): IncidentProcess {
  const { key, parent, subject, container, containerId, pod, node, path, applet, pid, uid, inImage } = process;
  const { arguments: words, startTime } = process;
  const above = parent === undefined ? undefined : idOf.get(parent);
  return {
    id: idOf.get(key) ?? '',
    subject,
    path: applet === undefined ? path : `${path} (${applet})`,
    arguments: words,
    ...(above !== undefined && { parent: above }),
    ...(container !== undefined && { container }),
    ...(containerId !== undefined && { containerId }),
    ...(pod !== undefined && { pod }),
    ...(node !== undefined && { node }),
    ...(pid !== undefined && { pid }),
    ...(uid !== undefined && { uid }),
    ...(inImage !== undefined && { inImage }),
    ...(startTime !== undefined && { since: startTime }),
  };
}
