import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { formatAddress } from '../observe/name-answers.ts';
import { networkOf } from '../resources/read-counters.ts';

/** A socket at which a process waits for others. */
export interface Listener {
  pid: number;
  address: string;
  port: number;
  protocol: 'TCP' | 'UDP';
}

/** Sockets and descriptors that are looked at: nobody who opens very many gets more of us. */
const MOST_SOCKETS = 65_536;
const MOST_DESCRIPTORS = 65_536;
/** Bytes of one table. */
const LARGEST = 16 * 1024 * 1024;
/** States of sockets (include/net/tcp_states.h): one of UDP that has no peer counts as closed. */
const TABLES = [
  { name: 'tcp', protocol: 'TCP', state: '0A' },
  { name: 'tcp6', protocol: 'TCP', state: '0A' },
  { name: 'udp', protocol: 'UDP', state: '07' },
  { name: 'udp6', protocol: 'UDP', state: '07' },
] as const;
/** Ports that Linux gives to whoever asks for any: a datagram socket there is rather a client's. */
const [FIRST_EPHEMERAL, LAST_EPHEMERAL] = [32_768, 60_999];

/** Where processes listen by now, by the tables of their network namespaces and the sockets that they hold; each once. */
export function readListeners(pids: readonly number[]): Listener[] {
  const found: Listener[] = [];
  for (const [network, members] of Map.groupBy(pids, networkOf)) {
    const [first] = members;
    if (network === '' || first === undefined) continue;
    const listening = listenersOf(first);
    if (listening.size === 0) continue;
    for (const pid of members)
      for (const socket of socketsOf(pid)) {
        const listener = listening.get(socket);
        // Whoever holds it together with others is told once: the first of them.
        if (listening.delete(socket) && listener !== undefined) found.push({ pid, ...listener });
      }
  }
  return found;
}

/** By the inode of the socket, in the network namespace of a process. */
function listenersOf(pid: number): Map<string, Omit<Listener, 'pid'>> {
  const found = new Map<string, Omit<Listener, 'pid'>>();
  for (const { name, protocol, state } of TABLES)
    for (const line of textOf(`/proc/${pid}/net/${name}`).slice(0, LARGEST).split('\n')) {
      const socket = parseSocket(line);
      if (socket === undefined || socket.state !== state || found.size >= MOST_SOCKETS) continue;
      const { address, port, inode } = socket;
      if (protocol === 'UDP' && port >= FIRST_EPHEMERAL && port <= LAST_EPHEMERAL) continue;
      found.set(inode, { address, port, protocol });
    }
  return found;
}

/** `0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 12345 1 ...` (proc_net_tcp). */
export function parseSocket(line: string): { address: string; port: number; state: string; inode: string } | undefined {
  const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
  const [, words, port] = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/.exec(local) ?? [];
  if (words === undefined || port === undefined || !/^\d+$/.test(inode)) return undefined;
  // Words of four bytes, each as a number of this machine: the lowest byte is the first.
  const bytes = Buffer.from(words, 'hex').swap32();
  return { address: formatAddress(bytes), port: Number.parseInt(port, 16), state, inode };
}

function* socketsOf(pid: number): Generator<string> {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    // It has ended.
    return;
  }
  for (const name of names.slice(0, MOST_DESCRIPTORS)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${name}`))?.[1];
    if (inode !== undefined) yield inode;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has ended, or this kernel has no such protocol.
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // It was closed just now.
    return '';
  }
}
