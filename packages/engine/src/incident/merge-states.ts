import { addEntry, dropProcesses, keepKnown, keepProcess, keepSubject } from './keep-sign.ts';
import { type IncidentState, MOST_PROCESSES } from './state.ts';

/** What is still going on outweighs what is done. */
const STATUSES: readonly IncidentState['status'][] = ['open', 'contained', 'expected', 'closed'];

/** Makes two incidents one: the first takes in all of the other, and goes by its own id. */
export function mergeStates(into: IncidentState, other: IncidentState): void {
  into.merged = [...new Set([...into.merged, other.id, ...other.merged])].filter((id) => id !== into.id).sort();
  into.status = STATUSES.find((status) => status === into.status || status === other.status) ?? 'open';
  if (other.first < into.first) into.first = other.first;
  if (other.last > into.last) into.last = other.last;
  into.signs += other.signs;
  into.isLossy ||= other.isLossy;
  for (const { name, first } of other.subjects) keepSubject(into, name, first);
  for (const entry of other.entries) addEntry(into, { ...entry });
  for (const process of other.processes) keepProcess(into, { ...process });
  if (into.processes.length > MOST_PROCESSES) dropProcesses(into);
  keepKnown(into, other.facts, other.unknowns);
  into.fixes = { ...other.fixes, ...into.fixes };
  into.feedback = [...into.feedback, ...other.feedback].sort((a, b) => (a.at < b.at ? -1 : 1));
}
