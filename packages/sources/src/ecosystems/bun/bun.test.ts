import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { bun } from './bun.ts';
import { resolveDependency } from './dependency-graph.ts';
import { EXAMPLE_BINARY_LOCK } from './example-binary-lock.ts';
import { toJson } from './jsonc.ts';

const parse = (content: string, path = 'app/bun.lock'): Inventory =>
  bun.parse([{ path, bytes: Buffer.from(content) }], { target: 'image.tar' });

describe('bun', () => {
  it.each([
    ['bun.lock', true],
    ['app/bun.lock', true],
    ['app/bun.lockb', true],
    ['app/rebun.lock', false],
    ['app/node_modules/a/bun.lock', false],
  ])('wants %s: %s', (path, wanted) => expect(bun.wants(path)).toBe(wanted));

  it('says of a binary lock file that it was not read, unless its text lies beside it', () => {
    const binary = { path: 'app/bun.lockb', bytes: Buffer.from('#!/usr/bin/env bun') };
    const text = { path: 'app/bun.lock', bytes: Buffer.from('{"lockfileVersion":1}') };
    const unknowns = (files: (typeof binary)[]) => bun.parse(files, { target: 'image.tar' }).unknowns;
    expect(unknowns([binary])).toMatchObject([{ code: 'package-file-unsupported', place: { path: '/app/bun.lockb' } }]);
    expect(unknowns([binary, text])).toEqual([]);
  });

  it('tells of a binary lock file what is of development, direct and needed', () => {
    const files = [{ path: 'bun.lockb', bytes: Buffer.from(EXAMPLE_BINARY_LOCK) }];
    const { components } = bun.parse(files, { target: 'image.tar' });
    expect(components.map(({ name, development, relationship }) => [name, development, relationship])).toEqual([
      ['ms', false, 'direct'],
      ['color-convert', false, 'direct'],
      ['color-name', false, 'indirect'],
      ['acorn', true, 'direct'],
      ['@types/ms', true, 'direct'],
    ]);
    expect(components[1]!.dependsOn).toEqual(['pkg:npm/color-name@1.1.4']);
  });

  it('answers any change of a binary lock file with packages and unknowns', () => {
    const example = Buffer.from(EXAMPLE_BINARY_LOCK);
    const change = fc.tuple(fc.nat(example.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(example);
        for (const [at, byte] of changes) bytes[at] = byte;
        for (const cut of [bytes, bytes.subarray(0, changes[0]![0])]) {
          const { components, unknowns } = bun.parse([{ path: 'bun.lockb', bytes: cut }], { target: 'image.tar' });
          expect(components.length + unknowns.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('calls what only devDependencies reach of development, nested packages told apart', () => {
    const lock = {
      lockfileVersion: 1,
      workspaces: { '': { dependencies: { a: '1' }, devDependencies: { '@t/t': '1' } } },
      packages: {
        a: ['a@1.0.0', '', { dependencies: { b: '1' } }],
        b: ['b@1.0.0', '', {}],
        '@t/t': ['@t/t@1.0.0', '', { dependencies: { b: '2', c: '1' } }],
        '@t/t/b': ['b@2.0.0', '', {}],
        c: ['c@1.0.0', '', {}],
      },
    };
    const development = parse(JSON.stringify(lock)).components.filter((item) => item.development);
    expect(development.map(({ name, version }) => `${name}@${version}`)).toEqual(['@t/t@1.0.0', 'b@2.0.0', 'c@1.0.0']);
  });

  it.each([
    ['a/@b/c', 'd', ['a/@b/c/d', 'a/d', 'd'], 'a/@b/c/d'],
    ['a/@b/c', 'd', ['a/@b/d', 'a/d', 'd'], 'a/d'],
    ['@b/c', 'd', ['@b/d', 'd'], 'd'],
    ['a', '@b/c', ['a/@b/c'], 'a/@b/c'],
    ['a', 'b', [], undefined],
  ])('gives %s the package %s of %j: %s', (parent, name, keys, expected) => {
    expect(resolveDependency(parent, name, new Set(keys))).toBe(expected);
  });

  it('does not stumble over keys of a million folders', () => {
    const key = 'a/'.repeat(1_000_000);
    expect(resolveDependency(key, 'b', new Set(['b']))).toBe('b');
  });

  it.each(['[]', '{}', '{"lockfileVersion":"1"}', '', '{'])('says of %j that it is no lock file', (text) => {
    expect(parse(text)).toMatchObject({ components: [], unknowns: [{ code: 'package-file-unreadable' }] });
  });
});

describe('JSON with comments', () => {
  it.each([
    ['{"a": [1, 2,], }', '{"a":[1,2]}'],
    ['{"a": 1, /* x */ // y\n}', '{"a":1}'],
    ['{"a,]": "// no", "b": "/* no */", "c\\"": 1,}', '{"a,]":"// no","b":"/* no */","c\\"":1}'],
    ['[1, // last\n]', '[1]'],
  ])('%s is %s', (text, json) => expect(JSON.stringify(JSON.parse(toJson(text)))).toBe(json));

  it('is JSON where it has none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.parse(toJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never throws, and ends, on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '/', '*', ',', ']', '}', 'a', '\n') }),
        (text) => void toJson(text),
      ),
    );
    expect(toJson('//'.repeat(2_000_000)).length).toBe(0);
    expect(toJson(',]'.repeat(1_000_000)).length).toBe(2_000_000);
  });
});
