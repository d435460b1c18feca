import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';
import { rust } from './rust.ts';

const binaries = '../shared/images/binaries/rust';
const locks = '../shared/inventories/lockfiles/cargo';
const example = Buffer.from(EXAMPLE_EXECUTABLE);

const parse = (bytes: Buffer, distilled: boolean): Inventory =>
  rust.parse([{ path: distilled ? 'app' : 'Cargo.lock', bytes, ...(distilled && { distilled }) }], { target: 'test' });

function distil(content: Buffer): Inventory {
  const distiller = rust.distil?.({ path: 'app', size: content.length, bytes: content.subarray(0, 64) });
  const facts = distiller?.whole(content);
  return facts === undefined ? { components: [], unknowns: [] } : parse(facts, true);
}

const names = ({ components }: Inventory): string[] =>
  components.map(({ name, version }) => `${name} ${version}`).sort();

describe('rust', () => {
  it.each([
    ['Cargo.lock', true],
    ['src/app/Cargo.lock', true],
    ['src/MyCargo.lock', false],
    ['root/.cargo/registry/src/index/serde-1.0.0/Cargo.lock', false],
  ])('wants %s: %s', (path, wanted) => {
    expect(rust.wants(path)).toBe(wanted);
  });

  const crate = (name: string, needs: string[], isPublished = true): string =>
    `[[package]]\nname = "${name}"\nversion = "1.0.0"\n${isPublished ? 'source = "registry+x"\n' : ''}dependencies = ${JSON.stringify(needs)}\n`;
  const lock =
    crate('app', ['a', 'b 1.0.0', 'c', 'local'], false) +
    crate('a', ['d']) +
    crate('b', ['d', 'e']) +
    ['c', 'd', 'e'].map((name) => crate(name, [])).join('') +
    crate('local', [], false) +
    crate('member', ['e'], false);
  const manifest =
    '[package]\nname = "app"\n[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\nx = { package = "a", version = "1" }\n' +
    '[dependencies]\nx = { workspace = true }\n[dev-dependencies]\nb = "1"\n[build-dependencies]\nc = "1"\n' +
    '[target.\'cfg(unix)\'.dependencies]\nlocal = { path = "local" }\n';

  it('tells by Cargo.toml what is linked, and what only tests and builds use', () => {
    const files = {
      'x/Cargo.lock': lock,
      'x/Cargo.toml': manifest,
      'x/crates/member/Cargo.toml': '[package]\nname = "member"\n[dev-dependencies]\ne = "1"\n',
      'x/local/Cargo.toml': '[package]\nname = "local"\n',
    };
    const inputs = Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
    const found = rust.parse(inputs, { target: 'test' }).components;
    expect(
      found.map((item) => `${item.name} ${item.development ? 'dev' : 'run'} ${item.relationship} ${item.line}`),
    ).toEqual([
      'app run workspace 1',
      'member run workspace 34',
      'a run direct 5',
      'b dev direct 10',
      'c dev direct 15',
      'd run indirect 20',
      'e dev direct 25',
      'local run direct 30',
    ]);
  });

  it('takes crates in folders that others need for copies of published ones, where no manifest says otherwise', () => {
    const found = parse(Buffer.from(lock), false).components;
    expect(found.map(({ name, relationship, development }) => [name, relationship, development])).toContainEqual([
      'local',
      'direct',
      false,
    ]);
  });

  it('says of a list that does not unpack that it was not read', () => {
    const broken = Buffer.from(example);
    broken.fill(0xff, broken.indexOf(0x78, 64), broken.indexOf(0x78, 64) + 32);
    expect(distil(broken)).toMatchObject({ components: [], unknowns: [{ place: { source: 'test', path: '/app' } }] });
  });

  it('sees a list in an executable too large to keep, and says that it was not read', () => {
    const stream = rust.distil!({ path: 'app', size: example.length, bytes: example.subarray(0, 64) })!.stream!();
    for (let at = 0; at < example.length; at += 7) stream.write(example.subarray(at, at + 7));
    expect(parse(stream.end()!, true).unknowns).toMatchObject([{ code: 'package-incomplete' }]);
  });

  it('answers any change of an executable without an exception', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: example.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const content = Buffer.from(example);
        content[at] = byte;
        for (const cut of [content, content.subarray(0, at)]) expect(distil(cut).components.length).toBeLessThan(3);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"packages":[{"name":"__proto__","version":"1.0.0"}]}', 1, 0],
    ['{"packages":[{"name":"a/../b","version":"1.0.0"},{"name":"a"},5]}', 0, 1],
    ['{"packages":"none"}', 0, 1],
    ['[]', 0, 1],
  ])('reads the list %s', (list, components, unknowns) => {
    const found = parse(Buffer.from(list), true);
    expect([found.components.length, found.unknowns.length]).toEqual([components, unknowns]);
  });

  it.skipIf(!existsSync(binaries))('lists recorded executables (skipped without ../shared/images)', () => {
    const { files } = JSON.parse(readFileSync(`${binaries}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    for (const [name, { packages }] of Object.entries(files)) {
      const wanted = packages.map((item) => `${item.name} ${item.version}`);
      expect(names(distil(readFileSync(`${binaries}/${name}`))), name).toEqual(wanted.sort());
    }
  });

  it.skipIf(!existsSync(locks))('lists recorded lock files (skipped without ../shared/inventories)', () => {
    const { files, negative } = JSON.parse(readFileSync(`${locks}/expected.json`, 'utf8')) as Record<
      'files' | 'negative',
      Record<string, Expected>
    >;
    for (const [name, { packages }] of Object.entries(files)) {
      const wanted = new Set(packages.map((item) => `${item.name} ${item.version}`));
      expect(names(parse(readFileSync(`${locks}/${name}`), false)), name).toEqual([...wanted].sort());
    }
    for (const [name, { error }] of Object.entries(negative)) {
      const { components, unknowns } = parse(readFileSync(`${locks}/${name}`), false);
      expect([components.length, unknowns.length > 0], name).toEqual([0, error !== undefined]);
    }
  });
});

interface Expected {
  error?: string;
  packages: { name: string; version: string }[];
}
