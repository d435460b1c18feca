import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command cost, its children included. */
export interface Cost {
  /** Seconds from start to end. */
  wall: number;
  /** User and system time, seconds. */
  cpu: number;
  /** Highest proportional set size of the process tree that was seen, MiB. */
  peak: number;
  exitCode: number | null;
}

const SAMPLE_MS = 20;

/** Runs a command to its end with its output thrown away, and looks at the memory of its process tree on the way. */
export async function measureCommand(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Cost> {
  const start = performance.now();
  // The shell's `times` tells what all ended children took, theirs included; Node has no such call.
  const child = spawn(
    '/bin/sh',
    ['-c', '"$@" >/dev/null 2>&1; code=$?; times; exit $code', 'measure', command, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, treeMemory(child.pid!));
  }, SAMPLE_MS);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(sampler);
  const seconds = [...(output.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const cpu = seconds.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { wall: (performance.now() - start) / 1000, cpu, peak, exitCode };
}

/** The run with the least CPU time of several: the machine's noise only ever adds. */
export async function best(times: number, run: () => Promise<Cost>): Promise<Cost> {
  let found = await run();
  for (let index = 1; index < times; index++) {
    const next = await run();
    const peak = Math.max(found.peak, next.peak);
    found = { ...(next.cpu < found.cpu ? next : found), wall: Math.min(next.wall, found.wall), peak };
  }
  return found;
}

function treeMemory(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, process) => sum + memoryOf(process), 0);
}

function childrenOf(pid: number): number[] {
  try {
    const below = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return below.flatMap((child) => [child, ...childrenOf(child)]);
  } catch {
    return [];
  }
}

function memoryOf(pid: number): number {
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(pss?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
