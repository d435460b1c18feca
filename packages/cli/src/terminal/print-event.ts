import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { bold, dim, plain, red, yellow } from './style.ts';

/** One runtime event as a line: when, where, who, what; what nobody expects of a container stands out. */
export function eventLine(event: RuntimeEvent): string {
  const { time, container, process, parent } = event;
  const where = plain(container?.name ?? container?.id?.slice(0, 12) ?? '-');
  const program = process === undefined ? '' : `${programOf(process)}${dim(`[${process.pid ?? '?'}]`)} `;
  // Whoever starts a program stands in front of it: what comes behind it is what it is given.
  const starter = parent === undefined || parent.path === '' ? '' : `${plain(parent.path)} `;
  const who = event.type === 'exec' ? `${dim(`${starter}starts`)} ${program}` : program;
  const failure = event.failure === undefined ? '' : dim(` (${plain(event.failure)})`);
  const what = `${who}${whatOf(event)}`.trimEnd();
  return `${dim(time.slice(11, 23))} ${bold(where)} ${what}${failure}${preventionOf(event)}`;
}

const preventionOf = ({ prevention, type, failure, guards = [] }: RuntimeEvent): string => {
  if (prevention === undefined) return '';
  const by = guards.length === 0 ? '' : ` (${guards.join(', ')})`;
  if (prevention === 'audited') return yellow(` would be stopped${by}`);
  if (prevention === 'killed') return red(` killed after the call${by}`);
  if (type === 'exec') return red(` ${failure === undefined ? 'killed' : 'refused'} before its first instruction${by}`);
  return red(type === 'connect' ? ` stopped before its first packet${by}` : ` stopped before its effect${by}`);
};

const programOf = ({ path, inImage, fileless }: EventProcess): string => {
  if (fileless === true) return red(`${plain(path)} (in memory only)`);
  return inImage === false ? red(`${plain(path)} (not in the image)`) : plain(path);
};

const UNUSUAL: ReadonlySet<RuntimeEvent['type']> = new Set(['privilege', 'namespace', 'mount', 'module']);

function whatOf(event: RuntimeEvent): string {
  const { type, file, peer, local, call, process } = event;
  const path = plain(file?.path ?? '');
  switch (type) {
    case 'exec':
      return plain(process?.arguments ?? '');
    case 'exit':
      return dim(`ends with ${event.exitCode ?? '?'}`);
    case 'open':
      return `${file?.access === 'create' ? 'makes' : file?.access === 'write' ? 'writes' : 'reads'} ${path}`;
    case 'change':
      return `${call} ${path}${file?.from === undefined ? '' : ` from ${plain(file.from)}`}`;
    case 'connect':
      return `connects to ${peer === undefined ? path : endOf(peer)}`;
    case 'accept':
      return `is called by ${peer === undefined ? '?' : endOf(peer)}`;
    case 'listen':
      return `listens on ${local === undefined ? '?' : endOf(local)}`;
    case 'alert':
      return yellow(plain(event.alert?.message ?? ''));
    case 'loss':
      return red(`${event.lost ?? 0} events of kind ${call ?? '?'} were lost: there was no room`);
    case 'watch':
      return dim(event.watch?.isWhole === true ? 'is watched from its first program on' : 'ran before it was watched');
    default:
      return UNUSUAL.has(type)
        ? yellow(`calls ${call ?? type} ${path}`.trimEnd())
        : `calls ${call ?? type} ${path}`.trimEnd();
  }
}

function endOf({ address, port, name }: { address: string; port: number; name?: string | undefined }): string {
  const end = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return name === undefined ? end : `${plain(name)} (${end})`;
}
