import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process, told from a later one of the same number by its start. */
export interface HostProcess {
  pid: number;
  parent: number;
  /** Clock ticks between the boot and its start. */
  start: number;
  /** What it runs, as its container sees it; ` (deleted)` at its end where that is gone. */
  path: string;
  arguments: string[];
  user: number;
  /** Id of its container; absent for what is the host's own. */
  container?: string;
}

const MOST_ARGUMENTS = 64;
const LONGEST = 4096;

/** A process as /proc tells it now; undefined where there is none, or it ended meanwhile. */
export function readHostProcess(pid: number): HostProcess | undefined {
  try {
    const fields = statFields(pid);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').slice(0, LONGEST).split('\0').slice(0, MOST_ARGUMENTS);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const container = containerOf(pid);
    return {
      pid,
      parent: Number(fields[1]),
      start: Number(fields[19]),
      path: readlinkSync(`/proc/${pid}/exe`),
      arguments: words.at(-1) === '' ? words.slice(0, -1) : words,
      user: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN),
      ...(container === undefined ? {} : { container }),
    };
  } catch {
    return undefined;
  }
}

/** Start of a process in ticks since the boot; undefined where it is gone. */
export function startOf(pid: number): number | undefined {
  try {
    return Number(statFields(pid)[19]);
  } catch {
    return undefined;
  }
}

/** Clock ticks of a second, as every Linux tells them to programs. */
const TICKS = 100;

/** When a process began, ISO 8601, by this host's clock. */
export function sinceOf({ start }: Pick<HostProcess, 'start'>): string {
  const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
  return new Date((boot + start / TICKS) * 1000).toISOString();
}

/** Number of the process that a process is a child of; undefined where it is gone. */
export function parentOf(pid: number): number | undefined {
  try {
    return Number(statFields(pid)[1]);
  } catch {
    return undefined;
  }
}

/** Fields behind the name, which may have blanks and brackets in it: the first is the state. */
function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The container that a process is in by its cgroup; what watches over a container is in none. */
function containerOf(pid: number): string | undefined {
  for (const line of readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n')) {
    const id = line.includes('conmon') ? undefined : /[0-9a-f]{64}/.exec(line)?.[0];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Where a kubelet keeps the logs of its pods: a folder each, `NAMESPACE_NAME_UID`. */
const POD_LOGS = '/var/log/pods';

/** Namespace of the pod that a process is of, which `unknown` is where only that it is of one is known; undefined for none. */
export function podNamespaceOf(pid: number): string | undefined {
  let names: string[] = [];
  try {
    names = readdirSync(POD_LOGS);
  } catch {
    // There is no kubelet here, or it keeps them elsewhere.
  }
  try {
    return podNamespaceIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), names);
  } catch {
    return undefined;
  }
}

/** The same from the text of a process's cgroups and the names of folders. */
export function podNamespaceIn(cgroups: string, names: readonly string[]): string | undefined {
  const uid = /\bkubepods.*[/-]pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})\b/.exec(
    cgroups,
  )?.[1];
  if (uid === undefined) return undefined;
  const end = `_${uid.replaceAll('_', '-')}`;
  return names.find((name) => name.endsWith(end))?.split('_')[0] ?? 'unknown';
}

/** Processes that are told at most: a container may have made tens of thousands. */
export const MOST_PROCESSES = 5_000;

/** Processes of a container, those that began first before others. */
export function processesOf(container: string): HostProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.flatMap((pid) => readHostProcess(Number(pid)) ?? []).filter((one) => one.container === container);
  return found.sort((a, b) => a.start - b.start || a.pid - b.pid).slice(0, MOST_PROCESSES);
}
