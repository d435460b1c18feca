/** What a process did, as both records tell it: `PID exec PATH`, `PID open PATH ACCESS`, `PID connect ADDRESS:PORT FAILURE`. */
export type Deed = string;

const START = /^(\d+)\s+(.*)$/;
const UNFINISHED = / <unfinished \.\.\.>$/;
const RESUMED = /^<\.\.\. \w+ resumed>/;

/**
 * Reads what `strace -f -y` wrote of execve, open, openat and connect. Calls that strace shows in two lines are joined.
 * `root` is what the container's root folder is on the host: descriptors are shown with the host's names.
 */
export function readStrace(text: string, root: string): Deed[] {
  const begun = new Map<string, string>();
  const deeds: Deed[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = START.exec(line) ?? [];
    if (UNFINISHED.test(rest)) {
      begun.set(pid, rest.replace(UNFINISHED, ''));
      continue;
    }
    const whole = RESUMED.test(rest) ? `${begun.get(pid) ?? ''}${rest.replace(RESUMED, '')}` : rest;
    const deed = deedOf(pid, whole, root);
    if (deed !== undefined) deeds.push(deed);
  }
  return deeds;
}

function deedOf(pid: string, call: string, root: string): Deed | undefined {
  const exec = /^execve\("([^"]+)".*= 0$/.exec(call);
  // The shell of the sample image runs its own commands as itself; strace tells the name, the sensor the file.
  if (exec) return `${pid} exec ${exec[1] === '/proc/self/exe' ? '/bin/busybox' : exec[1]}`;
  const open = /^open(?:at)?\(.*?, ?(O_[A-Z_|]+)(?:, 0?\d+)?\) += \d+<([^>]*)>$/.exec(call);
  if (open) {
    const [, flags = '', path = ''] = open;
    const within = path.startsWith(root) ? path.slice(root.length) || '/' : path;
    return `${pid} open ${within} ${/O_WRONLY|O_RDWR/.test(flags) ? 'write' : 'read'}`;
  }
  const connect = /^connect\(.*sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\).*= (?:0|-1 (E\w+))/.exec(call);
  return connect ? `${pid} connect ${connect[2]}:${connect[1]} ${connect[3] ?? ''}` : undefined;
}
