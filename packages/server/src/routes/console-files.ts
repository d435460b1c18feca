import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves the built console. Every path that is no file is one of its pages. */
export function addConsole(app: Hono, folder: string): void {
  app.get('*', async (context) => {
    const path = normalize(decodePath(context.req.path));
    const type = TYPES[extname(path)];
    if (type && path.startsWith('/') && !path.includes('\0')) {
      const body = await readFile(join(folder, path)).catch(() => undefined);
      if (body) {
        // Built files carry a hash of their content in their name.
        const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
        return context.body(body, 200, { 'Content-Type': type, 'Cache-Control': cache });
      }
      if (path.startsWith('/assets/')) return context.notFound();
    }
    const page = await readFile(join(folder, 'index.html')).catch(() => undefined);
    if (!page)
      return context.text('The console is not built. Run `npm run build`, or use the API and the commands.', 503);
    return context.body(page, 200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
  });
}

/** The path as people write it. Throws 400 for escapes that are no UTF-8. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new HTTPException(400, { message: 'The address has escapes that are no UTF-8.', cause });
  }
}
