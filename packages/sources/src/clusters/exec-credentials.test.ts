import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExecPlugin } from './exec-credentials.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-exec-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a plug-in that lies beside its kubeconfig. */
async function run(script: string, options: { provideClusterInfo?: boolean; timeout?: number } = {}) {
  const path = join(folder, 'plugin');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o700);
  const plugin = {
    command: './plugin',
    args: ['get-token'],
    env: [{ name: 'REGION', value: 'eu' }],
    apiVersion: 'client.authentication.k8s.io/v1',
    provideClusterInfo: options.provideClusterInfo ?? false,
  };
  return await runExecPlugin(plugin, join(folder, 'config'), { server: 'https://a.example' }, options.timeout);
}

const answer = (status: object) => `echo '${JSON.stringify({ kind: 'ExecCredential', status })}'`;

describe('a credential plug-in', () => {
  it('gives a token with its end, or a certificate', async () => {
    expect(await run(answer({ token: 'abc', expirationTimestamp: '2030-01-01T00:00:00Z' }))).toMatchObject({
      token: 'abc',
      expires: Date.parse('2030-01-01T00:00:00Z'),
    });
    const pair = await run(answer({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }));
    expect(pair).toMatchObject({ certificate: 'CERT', key: 'KEY' });
  });

  it('is run as kubectl runs it: beside its file, with its arguments, variables and what is wanted of it', async () => {
    const script = `test "$1" = get-token || exit 3; test "$REGION" = eu || exit 4
      case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*https://a.example*) ;; *) exit 5;; esac
      ${answer({ token: 'abc' })}`;
    expect((await run(script, { provideClusterInfo: true })).token).toBe('abc');
  });

  it.each<[what: string, script: string, code: string]>([
    ['fails', 'echo very-secret >&2; exit 1', 'cluster-credentials-failed'],
    ['prints what is no credential', 'echo very-secret', 'cluster-credentials-failed'],
    ['gives nothing', answer({}), 'cluster-credentials-failed'],
    ['prints without end', 'yes very-secret', 'cluster-credentials-failed'],
  ])('that %s is told, and what it printed is not', async (_, script, code) => {
    const error = await run(script).catch((cause: Error) => cause);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain('very-secret');
  });

  it('that hangs is ended', async () => {
    const started = Date.now();
    await expect(run('exec sleep 60', { timeout: 200 })).rejects.toMatchObject({ code: 'cluster-credentials-failed' });
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('that is not installed is named', async () => {
    const plugin = { command: 'no-such-plugin-here', apiVersion: 'v1' };
    const running = runExecPlugin(plugin, join(folder, 'config'), { server: '' });
    await expect(running).rejects.toMatchObject({ code: 'cluster-credentials-missing' });
    await expect(running).rejects.toThrow('no-such-plugin-here');
  });
});
