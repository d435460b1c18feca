import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ranking, Summary } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiFile } from './answers/server-answers.ts';
import { type CommandRun, finish, runCommand, startCommand } from './testing/run-command.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/estate', import.meta.url));

let root: string;
let folder: string;
let state: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'breakwater-up-'));
  folder = join(root, 'elsewhere');
  state = join(root, 'state');
  mkdirSync(folder);
});

afterAll(() => rmSync(root, { recursive: true }));

/** A server on a free port. It is ended by `end`, as by Ctrl-C, or by the test's own end. */
async function serve(...args: string[]) {
  const child = startCommand(['up', ...args, '--port', '0'], { folder, state });
  const ended = finish(child);
  const path = join(state, 'api.json');
  for (let tries = 0; !existsSync(path) && child.exitCode === null && tries < 300; tries++) await wait(50);
  if (!existsSync(path)) throw new Error((await ended).stderr);
  await wait(20);
  const api = ApiFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return {
    mode: statSync(path).mode & 0o777,
    get: (route: string) => fetch(api.url + route, { headers: { authorization: `Bearer ${api.token}` } }),
    end(): Promise<CommandRun> {
      child.kill('SIGINT');
      return ended;
    },
  };
}

describe('up', { timeout: 120_000 }, () => {
  it('reads once, prints the ranking and ends', async () => {
    const { code, stdout } = await runCommand(['up', EXAMPLE, '--once'], { folder, state: join(root, 'once') });
    expect(code).toBe(0);
    expect(stdout).toContain('11 workloads');
    expect(existsSync(join(root, 'once', 'api.json'))).toBe(false);
  });

  it('does not take an estate without workloads for one without risk', async () => {
    const { code, stdout, stderr } = await runCommand(['up', folder, '--once'], { folder, state: join(root, 'none') });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('there is no workload to rank');
  });

  it('serves other commands until Ctrl-C, is alone on its state folder, and finds its data again', async () => {
    const first = await serve(EXAMPLE);
    expect(first.mode).toBe(0o600);
    const asked = await runCommand(['rank', '--output', 'json'], { folder, state });
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    const ranking = Ranking.parse(JSON.parse(asked.stdout));
    expect(ranking.workloads).toHaveLength(11);

    const second = await runCommand(['up', EXAMPLE, '--port', '0'], { folder, state });
    expect([second.code, second.stdout]).toEqual([2, '']);
    expect(second.stderr).toContain(`Breakwater runs on the state folder ${state} already.`);

    const ended = await first.end();
    expect(ended.code).toBe(0);
    expect(existsSync(join(state, 'api.json'))).toBe(false);

    const again = await serve();
    const summary = Summary.parse(await (await again.get('/api/summary')).json());
    expect(summary.workloads).toBe(11);
    expect(summary.time <= ranking.time || summary.loss === ranking.loss).toBe(true);
    expect((await again.end()).code).toBe(0);
  });
});
