import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endOfArchive, padding, writeHeader } from '../../packages/sources/src/images/tar/write-header.ts';
import { measureCommand } from '../bench/measure-command.ts';

const HOSTILE = join(import.meta.dirname, '../../../shared/images/hostile');
const COMMAND = join(import.meta.dirname, '../../packages/cli/bin/breakwater');
const absent = !existsSync(HOSTILE);
const folder = mkdtempSync(join(tmpdir(), 'breakwater-hostile-'));

/** Seconds of CPU: what is asked for is 20 s on an idle machine. */
const CPU = 20;
/** MiB of the command and of its parser together. */
const MEMORY = 400;
interface Package {
  name: string;
  version: string;
}

interface Expected {
  packages?: Package[];
  packages_at_least?: Package[];
  canaries?: string[];
}

interface CycloneDx {
  components?: { group?: string; name: string; version?: string; purl?: string }[];
}

const load = <T>(path: string): T => JSON.parse(readFileSync(join(HOSTILE, path), 'utf8')) as T;
const files = absent ? {} : load<{ files: Record<string, Expected> }>('expected.json').files;
const layouts = absent ? {} : load<{ layouts: Record<string, Expected> }>('oci/expected.json').layouts;
const cases = [
  ...Object.entries(files).map(([name, expected]) => [name, join(HOSTILE, name), expected] as const),
  ...Object.entries(layouts).map(([name, expected]) => [name, join(HOSTILE, 'oci', name), expected] as const),
];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(absent)('the command on hostile images (skipped without ../shared/images)', () => {
  it.each(cases)('%s', { timeout: 180_000 }, async (name, path, expected) => {
    const { code, cost, output, notes } = await scan(name.endsWith('.jar') ? imageAround(path) : path);
    // Nothing was imported, so nothing could be judged: whatever the image is, it is never told to be clean.
    expect(code, notes).toBe(2);
    expect(cost.cpu).toBeLessThan(CPU);
    expect(cost.peak).toBeLessThan(MEMORY);
    expect(notes).not.toMatch(/\n\s+at .*:\d+:\d+/);
    for (const canary of expected.canaries ?? []) expect(existsSync(canary), canary).toBe(false);
    // No terminal may be steered by what a stranger wrote.
    expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(notes), notes).toBe(false);
    // Where no image could be read there is no document, and the notes say why.
    expect(output + notes).not.toBe('');
    const found = new Set(packagesOf(output === '' ? {} : (JSON.parse(output) as CycloneDx)));
    if (expected.packages !== undefined) expect([...found].sort()).toEqual(facts(expected.packages));
    for (const fact of facts(expected.packages_at_least ?? [])) expect(found).toContain(fact);
  });
});

/** Runs the gate as a user would; the cost counts the parser behind the wall too. */
async function scan(path: string) {
  const [json, notes] = [join(folder, 'output.json'), join(folder, 'notes')];
  const script = '"$0" scan -o cyclonedx "$1" > "$2" 2> "$3"';
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state'), NO_COLOR: '1' };
  const cost = await measureCommand('/bin/sh', ['-c', script, COMMAND, path, json, notes], env);
  const read = (file: string): string => readFileSync(file, 'utf8');
  return { code: cost.exitCode, cost, output: read(json), notes: read(notes) };
}

/** An image that holds nothing but this file. */
function imageAround(path: string): string {
  const bytes = readFileSync(path);
  const name = join(folder, `${basename(path)}.tar`);
  const parts = [writeHeader({ name: `app/${basename(path)}`, type: 'file', size: bytes.length }), bytes];
  writeFileSync(name, Buffer.concat([...parts, padding(bytes.length), endOfArchive()]));
  return name;
}

function facts(packages: readonly Package[]): string[] {
  return packages.map(({ name, version }) => `${name} ${version}`).sort();
}

function packagesOf({ components = [] }: CycloneDx): string[] {
  const packages = components.filter(({ purl }) => purl !== undefined);
  return packages.map(({ group, name, version }) => `${group === undefined ? '' : `${group}:`}${name} ${version}`);
}
