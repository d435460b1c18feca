import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finish, runCommand, startCommand } from '../testing/run-command.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop }
spec: { containers: [{ name: cart, image: registry.example/cart:1 }] }
`;
const ALERT = JSON.stringify({
  time: '2026-08-20T10:00:00.000000000Z',
  rule: 'Terminal shell in container',
  priority: 'Critical',
  output: 'A shell was spawned',
  output_fields: { 'container.id': '5f1d0c5f1d0c', 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart', 'proc.name': 'sh' },
});

/** What a command says until it says this. */
async function until(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return await new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = pattern.exec(said);
      if (found) resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => reject(new Error(said)));
  });
}

describe('taking events', { timeout: 180_000 }, () => {
  let folder: string;
  let state: string;
  const children: ChildProcess[] = [];
  const start = (...args: string[]): ChildProcess => {
    const child = startCommand(args, { folder, state });
    children.push(child);
    return child;
  };
  const run = (...args: string[]) => runCommand(args, { folder, state });
  const post = (address: string, key: string) =>
    fetch(`${address}/api/v1/events`, { method: 'POST', body: ALERT, headers: { authorization: `Bearer ${key}` } });

  /** What the server knows, after somebody asked it for its ranking: it reads what is new before it answers. */
  const findings = async (): Promise<string> => {
    expect((await run('rank')).code).toBe(0);
    const { url, token } = JSON.parse(readFileSync(join(state, 'api.json'), 'utf8'));
    return await (await fetch(`${url}/api/findings`, { headers: { authorization: `Bearer ${token}` } })).text();
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-up-'));
    state = join(folder, 'state');
    writeFileSync(join(folder, 'pod.yaml'), POD);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null) continue;
      const ended = finish(child);
      child.kill('SIGINT');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('at the API: what a key brought is in the ranking that others ask for', async () => {
    const server = start('up', 'pod.yaml', '--port', '0');
    const [, address = ''] = await until(server, /(http:\/\/127\.0\.0\.1:\d+)\/sign-in/);
    await until(server, /findings open/);
    const key = (await run('ingest', 'key', 'falco')).stdout.trim();
    expect((await post(address, 'bws_wrong')).status).toBe(401);
    expect(await (await post(address, key)).json()).toMatchObject({ accepted: 1, unknown: 0 });
    // Keys open nothing else.
    expect((await fetch(`${address}/api/findings`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
    expect(await findings()).toContain('Terminal shell in container');
    const { stdout: listed } = await run('ingest', 'list', '-o', 'json');
    expect(JSON.parse(listed)).toMatchObject({ keys: [{ name: 'falco', revokedAt: '' }], sensors: [{ events: 1 }] });
    expect(listed).not.toContain(key.slice(-20));
  });

  it('in a process of its own, while nothing else runs; what judges finds them later', async () => {
    const key = (await run('ingest', 'key', 'falco')).stdout.trim();
    const taking = start('up', '--roles', 'ingest', '--ingest-port', '0');
    const [, address = ''] = await until(taking, /Events are taken at (http:\/\/127\.0\.0\.1:\d+)/);
    expect((await post(address, key)).status).toBe(200);
    const judging = start('up', 'pod.yaml', '--port', '0', '--roles', 'api,worker');
    const [, api = ''] = await until(judging, /(http:\/\/127\.0\.0\.1:\d+)\/sign-in/);
    await until(judging, /findings open/);
    expect(await findings()).toContain('Terminal shell in container');
    expect((await post(api, key)).status).toBe(503);
    expect((await run('ingest', 'revoke', 'falco')).stdout).toContain('revoked');
    let status = 200;
    for (let tries = 0; status !== 401 && tries < 120; tries += 1) {
      status = (await post(address, key)).status;
      await wait(250);
    }
    expect(status).toBe(401);
  });
});
