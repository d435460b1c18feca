import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { listenError } from './bind-server.ts';

const TAKEN = 'Another `breakwater up` may be running here: use it, end it, or choose another with --port.';

/** A server that listens. `close` ends open streams too. */
export interface Listening {
  url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. Throws UserError when the port is taken. */
export function listen(app: Hono, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address) =>
      resolve({ url: `http://127.0.0.1:${address.port}`, close: () => closeServer(server as Server) }),
    );
    server.on('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, port, TAKEN)));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
