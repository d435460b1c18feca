import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULT } from './protocol.ts';

/** What a child is kept from. Each is tried, and given up only when the machine does not grant it. */
export interface WallMode {
  /** Options of `unshare`; undefined: the child keeps the network. */
  unshare: string[] | undefined;
  /** Whether RLIMIT_DATA and RLIMIT_CPU bound it. */
  limits: boolean;
}

export interface LaunchOptions {
  /** Descriptors to inherit from `FIRST_FILE` on, or a pipe for each stream. */
  files: (number | 'pipe')[];
  /** MiB above what Node takes. */
  memory: number;
  /** Milliseconds. */
  timeout: number;
  /** Module of the task: the folder tree it lies in may be read by the child, and nothing else. */
  module: string;
  /** Whether it may load libraries of the machine. */
  addons: boolean;
  /** Other folders that may be read. */
  readable: string[];
  /** Source of the child with its types stripped; undefined: it is started from its file. */
  boot: string | undefined;
}

/** Exit code of the launcher where the limits are refused. */
export const LIMITS_REFUSED = 97;

/** RLIMIT_DATA counts 575 MB of reservations that Node 24 makes at start and never touches. */
const NODE_RESERVES_KIB = 600 * 1024;
const HEAP_SHARE = 0.75;
/** One arena: threads that unpack and hash would each keep one that is never given back (glibc). */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', MALLOC_ARENA_MAX: '1' };
/** MiB in which V8 puts what is new. Its 16 cost a parser 80 MiB of memory, and 4 no time. */
const YOUNG_MIB = 4;

const first = Promise.withResolvers<void>();

/** Settles when this process has started a child: what comes next may be loaded while that works. */
export const firstLaunch: Promise<void> = first.promise;

/** The far side of the wall. */
export const CHILD = new URL('./child.ts', import.meta.url).href;

/** Modes from the strongest to none, for this platform and user. */
export function wallModes(): WallMode[] {
  if (process.platform === 'win32') return [{ unshare: undefined, limits: false }];
  if (process.platform !== 'linux') return [{ unshare: undefined, limits: true }];
  const user = { unshare: ['-r', '-n'], limits: true };
  const root = process.getuid?.() === 0 ? [{ unshare: ['-n'], limits: true }] : [];
  return [...root, user, { unshare: undefined, limits: true }];
}

/**
 * Starts the child that waits for a task: a bare environment, no network, no core dump, no file but the program's own
 * (Node's permission model lets inherited descriptors be read, and nothing else).
 */
export function launch(mode: WallMode, options: LaunchOptions): ChildProcess {
  const { boot } = options;
  const program = boot === undefined ? [fileURLToPath(CHILD)] : ['--input-type=module', '-e', boot];
  const node = [process.execPath, ...nodeFlags(options), ...program, String(RESULT)];
  const [command, ...rest] = mode.unshare === undefined ? node : ['unshare', ...mode.unshare, '--', ...node];
  const stdio: StdioOptions = ['pipe', 'ignore', 'pipe', 'pipe', ...options.files];
  const settings = { env: ENVIRONMENT, stdio, cwd: sep };
  first.resolve();
  if (!mode.limits) return spawn(command!, rest, settings);
  const kibibytes = NODE_RESERVES_KIB + options.memory * 1024;
  const seconds = Math.ceil(options.timeout / 1000) * 2;
  const script = `ulimit -c 0; ulimit -d ${kibibytes} && ulimit -t ${seconds} || exit ${LIMITS_REFUSED}; exec "$@"`;
  return spawn('/bin/sh', ['-c', script, 'wall', command!, ...rest], settings);
}

function nodeFlags({ memory, module, addons, readable: folders }: LaunchOptions): string[] {
  const program = [CHILD, module].flatMap((url) => programFiles(fileURLToPath(url)));
  const readable = new Set([...program, ...folders.map((folder) => join(folder, '*'))]);
  return [
    '--disable-warning=ExperimentalWarning',
    '--permission',
    '--allow-worker',
    '--expose-gc',
    ...(addons ? ['--allow-addons'] : []),
    `--max-semi-space-size=${YOUNG_MIB}`,
    ...[...readable].map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${Math.ceil(memory * HEAP_SHARE)}`,
  ];
}

/** The installed program that a module belongs to: the sources and libraries of the clone, else the module's own folder. */
function programFiles(file: string): string[] {
  const at = file.lastIndexOf(`${sep}packages${sep}`);
  if (at === -1) return [join(dirname(file), '*')];
  const root = file.slice(0, at);
  return [join(root, 'packages', '*'), join(root, 'node_modules', '*'), join(root, 'package.json')];
}
