import type { RuntimeEvent } from '@breakwater/model';

type Sign = (event: RuntimeEvent) => boolean;

/** A file whose path is like this was opened to be read, written, or changed in another way, and that was allowed. */
export const reads =
  (path: RegExp): Sign =>
  ({ type, file, failure }) =>
    type === 'open' && failure === undefined && file?.access === 'read' && path.test(file.path);

export const writes =
  (path: RegExp): Sign =>
  ({ type, file, failure }) =>
    failure === undefined &&
    file !== undefined &&
    path.test(file.path) &&
    (type === 'change' || file.access !== 'read');

/** A call of this name changed a file like this. */
export const changes =
  (call: RegExp, path: RegExp): Sign =>
  ({ type, call: name, file, failure }) =>
    type === 'change' && failure === undefined && call.test(name ?? '') && path.test(file?.path ?? '');

/** A program whose path and arguments, as one text, are like this was started; its parent's path like that. */
export const starts =
  (command: RegExp, parent = /^/): Sign =>
  ({ type, process: program, parent: above }) =>
    type === 'exec' && command.test(`${program?.path} ${program?.arguments}`) && parent.test(above?.path ?? '');

/** A connection was tried. */
export const connects =
  (port: number, protocol = 'TCP'): Sign =>
  ({ type, peer }) =>
    type === 'connect' && peer?.port === port && (peer.protocol === protocol || protocol === '');

/** A call of this name was made or tried, whatever kind of event tells it. */
export const calls =
  (name: RegExp): Sign =>
  ({ type, call }) =>
    type !== 'change' && type !== 'exec' && name.test(call ?? '');
