import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { inputSignature } from './input-signature.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-signature-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('changes with a file below, and only then', async () => {
  mkdirSync(join(folder, 'k8s'));
  writeFileSync(join(folder, 'k8s', 'a.yaml'), 'kind: Pod');
  symlinkSync(folder, join(folder, 'k8s', 'loop'));
  const first = await inputSignature([folder]);
  expect(await inputSignature([folder])).toBe(first);
  utimesSync(join(folder, 'k8s', 'a.yaml'), 1, 1);
  const touched = await inputSignature([folder]);
  expect(touched).not.toBe(first);
  writeFileSync(join(folder, 'k8s', 'b.yaml'), '');
  expect(await inputSignature([folder])).not.toBe(touched);
});

it('is the same for what is not there, until it is', async () => {
  const path = join(folder, 'later.yaml');
  const before = await inputSignature([path]);
  expect(await inputSignature([path])).toBe(before);
  writeFileSync(path, 'kind: Pod');
  expect(await inputSignature([path])).not.toBe(before);
});
