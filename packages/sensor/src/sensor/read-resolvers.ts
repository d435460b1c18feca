import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

const FILE = '/etc/resolv.conf';
const LARGEST = 65_536;

/** A line of /proc/<pid>/mountinfo (proc_pid_mountinfo(5)): a folder of a file system, and where it is seen. */
interface Mount {
  device: string;
  root: string;
  point: string;
}

/**
 * Name servers that a process was given, by the file that its runtime mounted for it; undefined where there is none. The
 * runtime's own file is read, where the host has it: nothing that a container puts into its folders is followed.
 */
export function readResolvers(pid: number): ReadonlySet<string> | undefined {
  try {
    const mount = mountsIn(textOf(`/proc/${pid}/mountinfo`)).findLast(({ point }) => point === FILE);
    const path = mount && hostPathOf(mount, mountsIn(textOf('/proc/self/mountinfo')));
    return path === undefined ? undefined : resolversIn(textOf(path));
  } catch {
    // It has ended.
    return undefined;
  }
}

const textOf = (path: string): string => readFileSync(path, 'utf8');

function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, , device, root, point] = line.split(' ');
    return device && root && point ? [{ device, root: unescaped(root), point: unescaped(point) }] : [];
  });
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Where the host sees what is mounted: by a mount of its own that holds it. */
function hostPathOf({ device, root }: Mount, mounts: readonly Mount[]): string | undefined {
  const holds = (above: string): boolean => above === '/' || root === above || root.startsWith(`${above}/`);
  const own = mounts.findLast((mount) => mount.device === device && holds(mount.root));
  if (own === undefined) return undefined;
  const below = own.root === '/' ? root : root.slice(own.root.length);
  return own.point === '/' ? below : `${own.point}${below}`;
}

/** `nameserver 10.0.0.2`, a line each (resolv.conf(5)). */
export function resolversIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const line of text.slice(0, LARGEST).split('\n')) {
    const address = /^\s*nameserver\s+([^\s%#]+)/.exec(line)?.[1];
    if (address !== undefined && isIP(address) !== 0) found.add(address.toLowerCase());
  }
  return found;
}
