import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { grantedMode } from '@breakwater/sources/wall';

/** What a tool printed, or why it did not get that far. */
export type ToolOutcome = { ok: true; output: string } | { ok: false; reason: string };

export interface ToolOptions {
  /** Folder for all that the tool writes: its home. */
  home: string;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_REASON = 20_000;
/** Of what a tool says, this much is shown: it names the cause first, or at its very end. */
const MAX_SHOWN = 480;
/** KiB of data, seconds of processor and blocks of a file that the kernel grants a tool. */
const LIMITS = 'ulimit -c 0; ulimit -d 4194304 2>/dev/null; ulimit -t 60 2>/dev/null; ulimit -f 131072 2>/dev/null';

/** Path of the first of some programs that this machine has; undefined where it has none. */
export function findTool(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether tools can be kept from the network on this machine. */
export function hasNoNetwork(): boolean {
  return grantedMode()?.unshare !== undefined;
}

/**
 * Runs a tool on a stranger's files: without network where the machine grants it, without a cluster, without programs that it
 * could start (an empty PATH: no git, no plugins), with a home of its own, and bounded in time, memory and output.
 */
export function runTool(path: string, args: readonly string[], { home, signal }: ToolOptions): Promise<ToolOutcome> {
  const unshare = grantedMode()?.unshare;
  const bare = ['env', '-i', ...ENVIRONMENT, `HOME=${home}`, path, ...args];
  const command = unshare === undefined ? bare : ['unshare', ...unshare, '--', ...bare];
  const child = spawn('/bin/sh', ['-c', `${LIMITS}; exec "$@"`, 'tool', ...command], {
    cwd: home,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
  });
  return collect(child);
}

const ENVIRONMENT = ['KUBECONFIG=/dev/null', 'HELM_PLUGINS=/nonexistent', 'PATH=/nonexistent', 'GOMEMLIMIT=1GiB'];

function collect(child: ReturnType<typeof spawn>): Promise<ToolOutcome> {
  const chunks: Buffer[] = [];
  let size = 0;
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    if (errors.length < MAX_REASON) errors += chunk.toString('utf8');
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, reason: error.message }));
    child.on('close', (code, killed) => {
      if (size > MAX_OUTPUT) resolve({ ok: false, reason: `it printed more than ${MAX_OUTPUT / 1024 / 1024} MiB` });
      else if (code === 0) resolve({ ok: true, output: Buffer.concat(chunks).toString('utf8') });
      else resolve({ ok: false, reason: reasonOf(errors, code, killed) });
    });
  });
}

/* The last line that a tool prints says what went wrong; those before are warnings. */
function reasonOf(errors: string, code: number | null, killed: NodeJS.Signals | null): string {
  if (killed !== null) return `it did not end within ${TIMEOUT_MS / 1000} s`;
  const said = errors
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:W\d|WARNING|level=warn|# Warning)/.test(line))
    .join(' ');
  const text = said
    .replaceAll(/\s+/g, ' ')
    .replace(/^(?:Error: |[EF]\d{4} .{0,80}\] "command failed" err=)/, '')
    .trim();
  if (text === '') return `it ended with code ${code}`;
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN / 3)} ... ${text.slice(-MAX_SHOWN / 2)}`;
}
