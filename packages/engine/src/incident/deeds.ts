import type { EventProcess, RuntimeEvent } from '@breakwater/model';

type Said = { past: string; infinitive: string };

/** Characters of arguments and names that are told: what strangers write may be long. */
const LONGEST = 160;

/** What an event says was done, after the one who did it: `started /bin/sh`, or `start /bin/sh`. */
export function deedOf(event: RuntimeEvent): Said {
  const { file, peer, local, call } = event;
  const path = shown(file?.path ?? '');
  switch (event.alert?.about ?? event.type) {
    case 'exec':
      return both('started', 'start', programOf(event));
    case 'open':
      return openOf(file?.access, path);
    case 'change':
      return both('changed', 'change', `${path}${file?.from === undefined ? '' : ` from ${shown(file.from)}`}`);
    case 'connect':
      return both('connected to', 'connect to', peer === undefined ? path : endOf(peer));
    case 'accept':
      return both('was called by', 'be called by', peer === undefined ? 'somebody' : endOf(peer));
    case 'listen':
      return both('listened on', 'listen on', local === undefined ? 'a port' : `port ${local.port}`);
    case 'exit':
      return both('ended', 'end', '');
    case 'request':
      return both('asked', 'ask', requestOf(event));
    default:
      return both('called', 'call', [call ?? event.type, event.callArguments, path].filter(Boolean).join(' '));
  }
}

/** Who did it: whoever starts a program, else the program that acted; a user of an API server by his name. */
export function actorOf(event: RuntimeEvent): string {
  const { request, process: actor, parent } = event;
  if (request !== undefined) return shown(request.impersonator ?? request.user);
  if ((event.alert?.about ?? event.type) !== 'exec') return nameOf(actor);
  return parent === undefined ? 'The container' : nameOf(parent);
}

/** What people call a program: `sh` of `/bin/busybox`, `nginx` of `/usr/sbin/nginx`. */
export function nameOf(program: EventProcess | undefined): string {
  if (program === undefined || program.path === '') return 'A process';
  return shown(program.applet ?? program.path.slice(program.path.lastIndexOf('/') + 1));
}

function programOf({ process: program }: RuntimeEvent): string {
  if (program === undefined) return 'a program';
  const applet = program.applet === undefined ? '' : ` (${program.applet})`;
  const origin = program.fileless
    ? ', which was in memory only,'
    : program.inImage === false
      ? ', which is not in the image,'
      : '';
  const words = program.arguments === '' ? '' : ` with ${shown(program.arguments)}`;
  return `${shown(program.path)}${applet}${words === '' ? origin.replace(/,$/, '') : origin}${words}`;
}

const OPENED = {
  read: ['read', 'read'],
  execute: ['ran', 'run'],
  write: ['wrote to', 'write to'],
  create: ['made', 'make'],
  delete: ['removed', 'remove'],
} as const;

function openOf(access: keyof typeof OPENED | undefined, path: string): Said {
  const [past, infinitive] = OPENED[access ?? 'read'];
  return both(past, infinitive, path);
}

function requestOf({ request }: RuntimeEvent): string {
  if (request === undefined) return 'the API server';
  const what = request.resource === '' ? (request.path ?? '') : `${request.namespace ?? ''} ${request.resource}`;
  return shown(`the API server to ${request.verb} ${what.trim()} ${request.name ?? ''}`.trimEnd());
}

function endOf({ address, port, name }: NonNullable<RuntimeEvent['peer']>): string {
  const end = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return name === undefined ? end : `${shown(name)} (${end})`;
}

const both = (past: string, infinitive: string, what: string): Said => ({
  past: `${past} ${what}`.trimEnd(),
  infinitive: `${infinitive} ${what}`.trimEnd(),
});

/** Strangers' words on one line, and no longer than a line. */
export function shown(text: string): string {
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ');
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST - 3)}...`;
}
