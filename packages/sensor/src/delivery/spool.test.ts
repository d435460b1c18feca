import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Spool } from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-spool-'));
});
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

const opened: Spool[] = [];
const open = async (mostBytes = 1024 * 1024) => {
  const spool = await Spool.open({ folder, mostBytes });
  opened.push(spool);
  return spool;
};
/** As a process that is killed leaves it: without a word to its files. */
const abandon = () => rmSync(join(folder, 'lock'), { force: true });
const files = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.spool'))
    .sort();
const payload = (text: string, size = text.length) => Buffer.from(text.padEnd(size, '.'));

/** All that waits, as texts, forgetting each. */
async function drain(spool: Spool): Promise<string[]> {
  const texts: string[] = [];
  for (let record = await spool.oldest(); record !== undefined; record = await spool.oldest()) {
    texts.push(`${record.sequence} ${record.payload.toString().replace(/\.+$/, '')}`);
    await spool.forget(record);
  }
  return texts;
}

describe('a spool', () => {
  it('gives batches in order, each until it is forgotten', async () => {
    const spool = await open();
    for (const text of ['a', 'b', 'c']) await spool.append(payload(text), 2);
    const first = await spool.oldest();
    expect((await spool.oldest())?.sequence).toBe(first?.sequence);
    expect(spool.waiting).toBe(6);
    expect(await drain(spool)).toEqual(['1 a', '2 b', '3 c']);
    expect([spool.waiting, spool.takeDropped()]).toEqual([0, 0]);
    await spool.close();
  });

  it('has after the process was killed what it took, and goes on counting under the same name', async () => {
    const first = await open();
    for (const text of ['a', 'b']) await first.append(payload(text), 1);
    abandon();
    const second = await open();
    expect(second.sensor).toBe(first.sensor);
    expect(await second.append(payload('c'), 1)).toBe(3);
    expect(await drain(second)).toEqual(['1 a', '2 b', '3 c']);
    await second.close();
  });

  it.each([1, 10, 23, 24, 30, 40])(
    'leaves out half a batch that a killed process wrote (%d bytes of it)',
    async (bytes) => {
      const first = await open();
      await first.append(payload('a', 100), 1);
      const [name] = files() as [string];
      const { size } = statSync(join(folder, name));
      await first.append(payload('b', 100), 1);
      truncateSync(join(folder, name), size + bytes);
      abandon();
      const second = await open();
      expect(await second.append(payload('c', 100), 1)).toBe(2);
      expect(await drain(second)).toEqual(['1 a', '2 c']);
      expect(second.takeDropped()).toBe(0);
      await second.close();
    },
  );

  it('leaves out what was changed on the disk, and counts it as lost', async () => {
    const first = await open();
    await first.append(payload('a', 100), 3);
    await first.append(payload('b', 100), 5);
    await first.append(payload('c', 100), 7);
    const [name] = files() as [string];
    const bytes = readFileSync(join(folder, name));
    bytes[24 + 100 + 60] = 0x21;
    writeFileSync(join(folder, name), bytes);
    expect(await drain(first)).toEqual(['1 a']);
    expect(first.takeDropped()).toBe(12);
    await first.close();
  });

  it('drops the oldest where there is no more room, and counts what it held', async () => {
    const spool = await open(256 * 1024);
    for (let count = 0; count < 100; count += 1) await spool.append(payload(`${count}`, 10_000), 10);
    expect(spool.bytes).toBeLessThanOrEqual(256 * 1024);
    const kept = await drain(spool);
    expect(kept.at(-1)).toBe('100 99');
    expect(spool.takeDropped()).toBe(10 * (100 - kept.length));
    expect(kept.length).toBeGreaterThan(15);
    await spool.close();
  });

  it('has counted what it dropped, also where it was killed before it told, or while it dropped', async () => {
    const first = await open(256 * 1024);
    for (let batch = 0; batch < 100; batch++) await first.append(payload(`${batch}`, 10_000), 10);
    const kept = first.waiting;
    expect(kept).toBeLessThan(1000);
    abandon();
    const second = await open();
    expect([second.waiting, second.takeDropped()]).toEqual([kept, 1000 - kept]);
    await second.settleDropped();
    abandon();
    const third = await open();
    expect([third.waiting, third.takeDropped()]).toEqual([kept, 0]);
    abandon();
    // Counted, and not yet gone.
    const [, next = ''] = files();
    writeFileSync(join(folder, 'dropped'), `40 ${Number.parseInt(next, 10)}\n`);
    const fourth = await open();
    expect(fourth.takeDropped()).toBe(40);
    expect(files()[0]).toBe(next);
  });

  it('deletes files whose batches are all forgotten, and sends little again after a restart', async () => {
    const spool = await open(1024 * 1024);
    for (let count = 0; count < 40; count += 1) {
      await spool.append(payload(`${count}`, 10_000), 1);
      await drain(spool);
    }
    expect(files().length).toBeLessThanOrEqual(2);
    abandon();
    const again = await open();
    expect((await drain(again)).length).toBeLessThan(10);
    expect(await again.append(payload('x'), 1)).toBe(41);
    await again.close();
  });

  it('gives no number again that stands behind something broken, and counts what that hides', async () => {
    const spool = await open();
    for (const text of ['a', 'b', 'c', 'd']) await spool.append(payload(text, 100), 2);
    await spool.close();
    const [name = ''] = files();
    const bytes = readFileSync(join(folder, name));
    bytes[124 + 60] = 0;
    writeFileSync(join(folder, name), bytes);
    const again = await open();
    expect(again.takeDropped()).toBe(4);
    expect(await again.append(payload('e'), 1)).toBe(5);
    expect(await drain(again)).toEqual(['1 a', '5 e']);
    await again.close();
    expect((await open()).first).toBeGreaterThanOrEqual(5);
  });

  it('writes through no link that lies in its folder', async () => {
    const outside = join(folder, 'outside');
    writeFileSync(outside, 'as it was');
    mkdirSync(join(folder, 'spool'));
    for (const name of ['lock', 'sensor', '0000000000000001.spool']) symlinkSync(outside, join(folder, 'spool', name));
    const spool = await Spool.open({ folder: join(folder, 'spool'), mostBytes: 1024 * 1024 }).catch(() => undefined);
    await spool?.append(payload('a'), 1).catch(() => {});
    await spool?.close();
    expect(readFileSync(outside, 'utf8')).toBe('as it was');
  });

  it('outlives the lock of one that is gone and whose number another process has', async () => {
    writeFileSync(join(folder, 'lock'), `${process.ppid} 1`);
    await (await open()).close();
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    await expect(open()).rejects.toThrow('is in use');
  });

  it('takes a new name where nothing is left of the old one: its numbers begin anew', async () => {
    const first = await open();
    await first.append(payload('a'), 1);
    await first.close();
    for (const name of files()) rmSync(join(folder, name));
    const second = await open();
    expect(second.sensor).not.toBe(first.sensor);
    expect(await second.append(payload('b'), 1)).toBe(1);
    await second.close();
  });

  it('is for one process at a time, and outlives the lock of one that is gone', async () => {
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    await expect(open()).rejects.toThrow('is in use by process');
    writeFileSync(join(folder, 'lock'), '4194304');
    await (await open()).close();
  });

  it('opens whatever lies in its folder, and gives only whole batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(400), async (rubbish, cut) => {
        rmSync(folder, { recursive: true, force: true });
        const first = await open();
        for (const text of ['a', 'b', 'c']) await first.append(payload(text, 50), 1);
        const [name] = files() as [string];
        const path = join(folder, name);
        truncateSync(path, Math.min(cut, statSync(path).size));
        appendFileSync(path, rubbish);
        abandon();
        const second = await open();
        const whole = Math.min(3, Math.floor(cut / 74));
        const texts = await drain(second);
        expect(texts.slice(0, whole)).toEqual(['1 a', '2 b', '3 c'].slice(0, whole));
        expect(texts).toHaveLength(whole);
        await second.append(payload('d'), 1);
        expect(await drain(second)).toEqual([`${whole + 1} d`]);
        await second.close();
      }),
      { numRuns: 40 },
    );
  });
});
