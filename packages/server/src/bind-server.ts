import type { Server } from 'node:http';
import { UserError } from '@breakwater/model';

/** Milliseconds in which what has begun is answered before it is cut off. */
const LAST_ANSWERS = 5_000;

/** The error of a server that cannot listen: one to mend where its port is taken, else as it came. */
export function listenError(cause: NodeJS.ErrnoException, port: number, hint: string): Error {
  if (cause.code !== 'EADDRINUSE') return cause;
  return new UserError(`Port ${port} is in use.`, { code: 'port-in-use', hint, cause });
}

/** Lets a server listen. @throws {UserError} `port-in-use` with the hint, where the port is taken */
export function bindServer(server: Server, port: number, host: string, hint: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, port, hint)));
    server.listen(port, host, resolve);
  });
}

/** Lets what has begun be answered; idle connections end at once. */
export function endServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
