import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readStatus } from '@breakwater/app/advisories';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finish, startCommand } from '../testing/run-command.ts';
import { untilUpdate } from './advisory-updates.ts';

const HOUR = 3_600_000;

describe('the next update of advisories', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  it.each([
    ['at once where none were imported', undefined, 0],
    ['at once where nobody knows when they were', 'some day', 0],
    ['at once where they are too old', '2026-04-01T00:00:00Z', 0],
    ['when they will be too old', '2026-05-01T10:00:00Z', 22 * HOUR],
    ['a day from now where a clock was wrong', '2027-01-01T00:00:00Z', 24 * HOUR],
  ])('is %s', (_, importedAt, expected) => {
    expect(untilUpdate(importedAt, 24, now)).toBe(expected);
  });
});

describe('a server that keeps its advisories new', { timeout: 60_000 }, () => {
  const record = {
    id: 'EXAMPLE-2026-1',
    modified: '2026-01-02T00:00:00Z',
    affected: [{ package: { ecosystem: 'npm', name: 'left' }, versions: ['1.0.0'] }],
  };
  let folder: string;
  let feed: Server;
  let address: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-updates-'));
    feed = createServer((_, response) => response.end(JSON.stringify(record)));
    await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/record.json`;
  });

  afterEach(() => {
    feed.closeAllConnections();
    feed.close();
    rmSync(folder, { recursive: true });
  });

  it('imports them while it serves, and ends with Ctrl-C', async () => {
    const state = join(folder, 'state');
    const options = ['--feed', address, '--unsafe-allow-private-addresses', '--port', '0'];
    const child = startCommand(['up', ...options], { folder, state });
    const ended = finish(child);
    for (let tries = 0; readStatus(state).advisories === 0 && tries < 400; tries++) await wait(100);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([readStatus(state).advisories, code]).toEqual([1, 0]);
    expect(stderr).not.toContain('could not be updated');
  });

  it('says so where a feed may not be asked, and serves on', async () => {
    const child = startCommand(['up', '--feed', address, '--port', '0'], { folder, state: join(folder, 'state') });
    const ended = finish(child);
    let told = '';
    child.stderr?.on('data', (text: string) => {
      told += text;
    });
    for (let tries = 0; !told.includes('could not be updated') && tries < 400; tries++) await wait(100);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect(told).toContain('--unsafe-allow-private-addresses');
  });
});
