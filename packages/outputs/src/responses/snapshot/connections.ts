import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A socket of a container. */
export interface SocketState {
  protocol: string;
  local: string;
  remote: string;
  /** `established`, `listen`, ...; empty for datagrams. */
  state: string;
  /** Processes that have it open. */
  pids: number[];
}

/** A file that a process has open. */
export interface OpenFile {
  pid: number;
  descriptor: number;
  /** Path, `socket:[123]`, `pipe:[4]`, `/tmp/x (deleted)`. */
  file: string;
}

/** Open files that are told at most. */
export const MOST_FILES = 20_000;
const MOST_SOCKETS = 10_000;
const STATES = [
  '',
  'established',
  'syn-sent',
  'syn-received',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'close',
  'close-wait',
  'last-ack',
  'listen',
  'closing',
];

/** What processes have open; those that end meanwhile are passed over. */
export function openFilesOf(pids: readonly number[]): OpenFile[] {
  const files: OpenFile[] = [];
  for (const pid of pids) {
    for (const name of namesIn(`/proc/${pid}/fd`)) {
      if (files.length >= MOST_FILES) return files;
      const file = linkOf(`/proc/${pid}/fd/${name}`);
      if (file !== undefined) files.push({ pid, descriptor: Number(name), file });
    }
  }
  return files;
}

/** Internet sockets of the network that a process is in, with who of a container has them open. */
export function socketsOf(pid: number, files: readonly OpenFile[]): SocketState[] {
  const owners = new Map<string, number[]>();
  for (const { pid: owner, file } of files) {
    const inode = /^socket:\[(\d+)\]$/.exec(file)?.[1];
    if (inode !== undefined) owners.set(inode, [...new Set([...(owners.get(inode) ?? []), owner])]);
  }
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    linesOf(`/proc/${pid}/net/${table}`).flatMap((line) => readLine(line, table, owners) ?? []),
  );
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1, MOST_SOCKETS);
  } catch {
    return [];
  }
}

function readLine(line: string, table: string, owners: ReadonlyMap<string, number[]>): SocketState | undefined {
  const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
  if (local === undefined || remote === undefined || state === undefined || inode === undefined) return undefined;
  const isStream = table.startsWith('tcp');
  return {
    protocol: isStream ? 'TCP' : 'UDP',
    local: readEnd(local),
    remote: readEnd(remote),
    state: isStream ? (STATES[Number.parseInt(state, 16)] ?? '') : '',
    pids: owners.get(inode) ?? [],
  };
}

/** `0100007F:1F90`: words of 32 bits as the machine stores them, least byte first, and the port. */
export function readEnd(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${bytes.map((byte) => Number.parseInt(byte, 16)).join('.')}:${number}`;
  const groups = Array.from({ length: 8 }, (_, at) =>
    Number.parseInt(`${bytes[2 * at]}${bytes[2 * at + 1]}`, 16).toString(16),
  );
  return `[${groups.join(':')}]:${number}`;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
