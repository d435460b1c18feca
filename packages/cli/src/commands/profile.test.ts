import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIngest } from '@breakwater/app/ingest';
import { openLearner } from '@breakwater/app/profiles';
import { LearnedProfile } from '@breakwater/model';
import { openStore } from '@breakwater/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../testing/run-command.ts';

const state = mkdtempSync(join(tmpdir(), 'breakwater-profile-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const START = Date.parse('2026-11-01T00:00:00Z');
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();
const event = (minute: number, path: string, imageDigest: string, inImage = true): object => ({
  source: 'sensor',
  node: 'n1',
  time: at(minute),
  type: 'exec',
  pod: { namespace: 'shop', name: 'cart-5d4f8b7c9d-x2lkp', labels: {} },
  container: { id: `container-of-${imageDigest}`, name: 'web', image: 'shop/cart:1', imageDigest },
  process: { path, arguments: '', inImage },
  parent: { path: '/bin/app', arguments: '' },
});

/** A workload of two releases, in the second of which something was dropped. */
beforeAll(async () => {
  const store = await openStore({ path: join(state, 'store.sqlite') });
  const now = () => START + 86_400_000;
  const ingest = openIngest(store.ingest, now, () => {});
  const learner = openLearner({ store: store.behaviour, now, report: () => {} });
  const events = [
    event(1, '/bin/a', 'sha256:1'),
    event(70, '/bin/a', 'sha256:1'),
    event(71, '/bin/a', 'sha256:2'),
    event(90, '/tmp/x', 'sha256:2', false),
  ];
  const text = events.map((one) => JSON.stringify(one)).join('\n');
  await ingest.take({ key: '', sender: 'test', sensor: 's', sequence: 1, text });
  await ingest.close();
  await learner.close();
  await store.close();
});

const profile = (...words: string[]) => runCommand(['profile', ...words], { folder: state, state });

describe('breakwater profile', () => {
  it('lists what was learned', async () => {
    const { code, stdout } = await profile('show');
    expect(code).toBe(0);
    expect(stdout).toContain('shop/Deployment/cart');
  });

  it('shows one by a part of its name, with what is pending and why', async () => {
    const { code, stdout } = await profile('show', 'cart');
    expect(code).toBe(0);
    expect(stdout).toMatch(/exec \/bin\/a +by \/bin\/app/);
    expect(stdout).toMatch(/Pending: \d behaviours? that (?:is|are) not known/);
    expect(stdout).toContain('is not in the image');
  });

  it('says that it is not settled, as a gate', async () => {
    const { code, stdout } = await profile('settled', 'cart');
    expect(code).toBe(1);
    expect(stdout).toContain('not yet');
  });

  it('does not call settled what was never learned', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'breakwater-profile-empty-'));
    const { code, stdout } = await runCommand(['profile', 'settled'], { folder: empty, state: empty });
    rmSync(empty, { recursive: true, force: true });
    expect([code, stdout]).toEqual([2, expect.stringContaining('Nothing was learned yet')]);
  });

  it('exports what it shows, which it then reads as a file', async () => {
    const { stdout } = await profile('export', 'shop/Deployment/cart');
    const exported = LearnedProfile.parse(JSON.parse(stdout));
    const path = join(state, 'cart.json');
    writeFileSync(path, stdout);
    expect(JSON.parse((await profile('show', path, '--output', 'json')).stdout)).toEqual(exported);
    const plain = JSON.parse((await profile('export', path, '--plain')).stdout);
    expect(plain).toMatchObject({ subject: 'shop/Deployment/cart', origin: 'recorded', imageDigest: 'sha256:2' });
    expect(JSON.stringify(plain)).not.toContain('/tmp');
  });

  it('compares what two exports used of the machine', async () => {
    const exported = JSON.parse((await profile('export', 'shop/Deployment/cart')).stdout);
    const use = { resource: 'memory', samples: 600, median: 2 ** 26, p95: 2 ** 26, highest: 2 ** 28 };
    const paths = [2 ** 26, 2 ** 27].map((p99) => {
      const path = join(state, `used-${p99}.json`);
      writeFileSync(path, JSON.stringify({ ...exported, resources: [{ ...use, p99 }] }));
      return path;
    });
    const { code, stdout } = await profile('diff', ...paths);
    expect([code, stdout]).toEqual([3, '~  memory  64 MiB to 128 MiB in 99 of 100 minutes\n']);
  });

  it('compares releases, and ends with 3 where they differ', async () => {
    const { code, stdout } = await profile('diff', 'cart', '--release', 'newest');
    expect(code).toBe(3);
    expect(stdout).toMatch(/! .*\/tmp.* nothing explains it/);
  });

  it('signs what was exported, tells whose it is, and refuses it with another key', async () => {
    const file = (name: string, content: string): string => {
      writeFileSync(join(state, name), content);
      return join(state, name);
    };
    const keys = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const [own, other] = keys.map(({ publicKey }, index) =>
      file(`${index}.pub`, publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    );
    const key = file('0.key', keys[0]!.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const path = file('sign.json', (await profile('export', 'cart')).stdout);
    const image = `shop/cart@sha256:${'a'.repeat(64)}`;
    expect((await profile('sign', path, '--key', key, '--image', image)).code).toBe(0);
    const signed = join(state, 'sign.signed.json');
    const { code, stdout } = await profile('verify', signed, '--key', own!, '--image', image);
    expect([code, stdout]).toEqual([0, expect.stringContaining('shop/Deployment/cart')]);
    expect((await profile('verify', signed, '--key', other!)).stderr).toContain('the key did not sign it');
  });

  it.each([
    [['show', 'nobody'], 'Nothing was learned of nobody'],
    [['diff', 'cart', '--release', 'zz..yy'], 'is no release of it'],
    [['export'], 'Say what to do'],
    [['record'], 'Say what to run'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await profile(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
