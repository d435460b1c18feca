import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../bin/breakwater', import.meta.url));

describe('a webhook that cannot listen', () => {
  let folder: string;
  const taken = createServer();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-serve-'));
    writeFileSync(join(folder, 'tls.crt'), 'no certificate');
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    taken.close();
    rmSync(folder, { recursive: true });
  });

  /** Its exit code and what it said, once it has ended by itself. */
  const serve = (...options: string[]): Promise<{ code: number | null; said: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn(COMMAND, ['admission', 'serve', '--state', join(folder, 'state'), ...options]);
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      child.once('error', reject);
      child.once('exit', (code) => resolve({ code, said }));
    });

  it.each<[string, () => string[], string]>([
    ['its port is taken', () => ['--port', String((taken.address() as { port: number }).port)], 'is in use'],
    ['its certificate has no key', () => ['--tls-certificate', join(folder, 'tls.crt')], 'A certificate needs its key'],
    [
      'its certificate is not there',
      () => ['--port', '0', '--tls-certificate', join(folder, 'none'), '--tls-key', join(folder, 'none')],
      'none cannot be read',
    ],
    [
      'its files are no certificate with its key',
      () => [
        ...['--port', '0'],
        ...['certificate', 'key'].flatMap((name) => [`--tls-${name}`, join(folder, 'tls.crt')]),
      ],
      'no certificate with its key',
    ],
  ])('says so and ends where %s: whoever runs it starts it again, or mends it', async (_, options, words) => {
    const { code, said } = await serve(...options());
    expect(said).toContain(words);
    expect(code).not.toBe(0);
  });
});
