import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../bpf/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

describe("the kernel's object", () => {
  it('was built from the sources beside it: bpf/build.sh notes what it took', () => {
    const names = readdirSync(FOLDER);
    const sources = [
      'build.sh',
      ...names.filter((name) => name.endsWith('.h')),
      ...names.filter((name) => name.endsWith('.c')),
    ];
    const digest = createHash('sha256').update(sources.map(read).join('')).digest('hex');
    expect(read('sensor.bpf.sources').trim()).toBe(digest);
  });

  it.each(['sensor.bpf.o', 'sensor.arm64.bpf.o'])(
    'tells names of fields that it finds by itself, so that it fits every kernel: %s',
    (name) => {
      expect(readFileSync(new URL(name, FOLDER)).includes('.BTF.ext')).toBe(true);
    },
  );
});
