import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { readBuildInfo } from './build-info.ts';
import { BuildInfoStream } from './build-info-stream.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';
import { golang } from './golang.ts';

const binaries = '../shared/images/binaries/go';
const locks = '../shared/inventories/lockfiles/go';
const example = Buffer.from(EXAMPLE_EXECUTABLE);

/** Distils a file as a scan would: whole, or in pieces of so many bytes. */
function distil(content: Buffer, piece?: number): Inventory {
  const distiller = golang.distil?.({ path: 'app', size: content.length, bytes: content.subarray(0, 64) });
  const stream = piece === undefined ? undefined : distiller?.stream?.();
  for (let at = 0; piece !== undefined && at < content.length; at += piece)
    stream?.write(content.subarray(at, at + piece));
  const facts = stream === undefined ? distiller?.whole(content) : stream.end();
  if (facts === undefined) return { components: [], unknowns: [] };
  return golang.parse([{ path: 'app', bytes: facts, distilled: true }], { target: 'test' });
}

const names = ({ components }: Inventory): string[] => components.map(({ name, version }) => `${name} ${version}`);

describe('golang', () => {
  it.each([
    ['go.mod', true],
    ['src/app/go.sum', true],
    ['src/cargo.mod', false],
    ['root/go/pkg/mod/golang.org/x/net@v0.1.0/go.mod', false],
    ['usr/local/go/src/go.mod', false],
    ['src/app/vendor/a/go.mod', false],
  ])('wants %s: %s', (path, wanted) => {
    expect(golang.wants(path)).toBe(wanted);
  });

  it('finds in pieces of any size what it finds in a whole file', () => {
    const padded = Buffer.concat([example, Buffer.alloc(3000)]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (piece) => {
        expect(names(distil(padded, piece))).toEqual(names(distil(example)));
      }),
      { numRuns: 100 },
    );
  });

  it('goes on past the magic where it is only a text of the program', () => {
    const decoy = Buffer.concat([
      Buffer.from('\x7fELF', 'latin1'),
      Buffer.alloc(12),
      Buffer.from('\xff Go buildinf:', 'latin1'),
    ]);
    const padding = Buffer.alloc(1024 * 1024 - decoy.length);
    const stream = new BuildInfoStream((outcome) => Buffer.from(JSON.stringify(outcome)));
    for (const bytes of [decoy, padding, example]) stream.write(bytes);
    expect(stream.end()!.toString()).toContain('go1.22.1');
  });

  it('answers any change of an executable without an exception', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: example.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const content = Buffer.from(example);
        content[at] = byte;
        for (const cut of [content, content.subarray(0, at)]) expect(distil(cut).components.length).toBeLessThan(6);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no version from flags that name several, or none that is one', () => {
    const flags = (text: string): string[] => {
      const modules = `path\tx.example/a\nmod\tx.example/a\t(devel)\t\nbuild\t-ldflags="${text}"\n`;
      const bytes = Buffer.from(`go1.22.1\n${modules}`);
      return names(golang.parse([{ path: 'a', bytes, distilled: true }], { target: 'test' }));
    };
    expect(flags('-X main.version=1.0.0 -X main.commit=abc')[0]).toBe('x.example/a v1.0.0');
    expect(flags('-X main.version=1.0.0 -X x.example/b.Version=2.0.0')[0]).toBe('x.example/a ');
    expect(flags('-X main.version=latest')[0]).toBe('x.example/a ');
  });

  it('says of a toolchain between releases that its version is not known', () => {
    const bytes = Buffer.from('devel +abc123 Mon Jan 1\npath\ta\n');
    const { components, unknowns } = golang.parse([{ path: 'a', bytes, distilled: true }], { target: 'test' });
    expect([components[0]!.version, unknowns.length]).toEqual(['', 1]);
  });

  it('reads versions behind pointers, as Go wrote them before 1.18, only in whole files', () => {
    const old = Buffer.from(example);
    const at = old.indexOf('\xff Go buildinf:', 0, 'latin1');
    old[at + 15] = 0;
    expect(distil(old).components).toEqual([]);
    expect(distil(old, 100).unknowns).toMatchObject([{ code: 'package-incomplete', place: { path: '/app' } }]);
  });

  describe.skipIf(!existsSync(binaries))('recorded executables (skipped without ../shared/images)', () => {
    const recorded = existsSync(binaries) ? readdirSync(binaries).filter((name) => name !== 'expected.json') : [];
    const { files = {} } = existsSync(binaries)
      ? (JSON.parse(readFileSync(`${binaries}/expected.json`, 'utf8')) as { files?: Record<string, Expected> })
      : {};

    it.each(recorded.filter((name) => name in files))('lists the modules of %s', (name) => {
      const content = readFileSync(`${binaries}/${name}`);
      const found = names(distil(content)).map((item) => item.replace(/ v/, ' '));
      const wanted = files[name]!.packages.map((item) => {
        const version = item.version === '(devel)' ? '' : item.version.replace(/^v/, '');
        return `${item.name === 'go' ? 'stdlib' : item.name} ${version === '1.22.0' ? '1.22.0' : version}`;
      });
      expect(found.sort()).toEqual(wanted.sort());
      // Pointers of Go before 1.18 cannot be followed in a stream.
      if (readBuildInfo(content) !== undefined && name !== 'test.elf')
        expect(names(distil(content, 65_536))).toEqual(names(distil(content)));
    });
  });

  const list = (files: Record<string, string>): string[] =>
    golang
      .parse(
        Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
        { target: 'test' },
      )
      .components.map(({ name, version, relationship, path }) => `${path} ${name} ${version} ${relationship}`);

  it('takes the replacements of a go.work for those of the modules that it uses', () => {
    const mod = 'module m\ngo 1.21\nrequire a.example/a v1.0.0\nreplace a.example/a => b.example/b v1.1.0\n';
    const work = 'go 1.21\nuse (\n\t./x\n)\nreplace a.example/a => c.example/c v1.2.0\n';
    expect(
      list({ 'p/go.work': work, 'p/x/go.mod': mod, 'p/y/go.mod': mod }).filter((item) => / [abc]\./.test(item)),
    ).toEqual(['/p/x/go.mod c.example/c v1.2.0 direct', '/p/y/go.mod b.example/b v1.1.0 direct']);
  });

  const vendored =
    '# a.example/a v1.0.0\n## explicit; go 1.13\na.example/a\n# b.example/b v1.0.0 => c.example/c v1.1.0\n' +
    'b.example/b\n# d.example/d v1.0.0 => ./d\nd.example/d\n# d.example/d => ./d\n';

  it('takes what was vendored for what is built, where a go.mod does not name everything', () => {
    const sum = 'e.example/e v1.0.0 h1:a=\n';
    const old = { 'go.mod': 'module m\ngo 1.16\n', 'go.sum': sum, 'vendor/modules.txt': vendored };
    const modules = [
      '/vendor/modules.txt a.example/a v1.0.0 undefined',
      '/vendor/modules.txt c.example/c v1.1.0 undefined',
      '/vendor/modules.txt d.example/d  undefined',
    ];
    expect(list(old).filter((item) => item.includes('.example'))).toEqual(modules);
    expect(list({ 'vendor/modules.txt': vendored })).toEqual(modules);
    expect(list({ ...old, 'go.mod': 'module m\ngo 1.17\n' })).toEqual([
      '/go.mod stdlib 1.17 direct',
      '/go.mod m  root',
    ]);
  });

  it('leaves out versions of a go.sum that the go.mod excludes', () => {
    const mod = 'module m\ngo 1.16\nexclude a.example/a v1.1.0\n';
    const sum = 'a.example/a v1.0.0 h1:a=\na.example/a v1.1.0 h1:a=\n';
    expect(list({ 'go.mod': mod, 'go.sum': sum })).toContain('/go.sum a.example/a v1.0.0 undefined');
  });

  describe.skipIf(!existsSync(locks))('recorded go.mod and go.sum (skipped without ../shared/inventories)', () => {
    const { files = {}, negative = {} } = existsSync(locks)
      ? (JSON.parse(readFileSync(`${locks}/expected.json`, 'utf8')) as Record<string, Record<string, Expected>>)
      : {};

    it.each(Object.keys(files))('lists the modules of %s', (path) => {
      const folder = `${locks}/${path.slice(0, path.indexOf('/'))}`;
      const inputs = readdirSync(folder).map((name) => ({ path: name, bytes: readFileSync(`${folder}/${name}`) }));
      const { packages } = files[path]!;
      const { components } = golang.parse(inputs, { target: 'test' });
      const hasRoot = packages.some(({ relationship }) => relationship === 'root');
      const listed = components.filter(({ relationship }) => hasRoot || relationship !== 'root');
      const found = new Set(listed.map(({ name, version }) => `${name} ${version.replace(/^v/, '')}`));
      const wanted = new Set(packages.map(({ name, version }) => `${name} ${version.replace(/^v/, '')}`));
      const relationships = new Map(components.map(({ name, relationship }) => [name, relationship]));
      for (const { name, relationship } of packages)
        if (relationship !== undefined && found.has(name)) expect(relationships.get(name)).toBe(relationship);
      for (const item of OTHERWISE[path]?.not ?? []) wanted.delete(item);
      for (const item of OTHERWISE[path]?.also ?? []) wanted.add(item);
      if (OTHERWISE[path]?.onlyCode === true) {
        const code = readFileSync(`${folder}/go.sum`, 'utf8').split('\n');
        for (const item of wanted)
          if (!code.some((line) => line.startsWith(`${item.replace(' ', ' v')} h1:`))) wanted.delete(item);
      }
      expect([...found].filter((item) => !item.startsWith('stdlib')).sort()).toEqual(
        [...wanted].filter((item) => !item.startsWith('stdlib')).sort(),
      );
      for (const item of wanted) if (item.startsWith('stdlib')) expect(found).toContain(item);
    });

    it.each(Object.keys(negative))('finds nothing in %s', (path) => {
      const bytes = readFileSync(`${locks}/${path}`);
      const { components, unknowns } = golang.parse([{ path: 'go.mod', bytes }], { target: 'test' });
      expect(components).toEqual([]);
      expect(unknowns.length > 0).toBe(negative[path]!.error !== undefined);
    });
  });
});

/** Cases in which we say something else than the tool whose test it was, and why. */
const OTHERWISE: Record<string, { why: string; also?: string[]; not?: string[]; onlyCode?: true }> = {
  'trivy-gomod_trivy/go.sum': { why: 'lines of a go.mod alone tell of no code', onlyCode: true },
  'trivy-gomod_many/go.sum': { why: 'lines of a go.mod alone tell of no code', onlyCode: true },
  'trivy-replaced-with-local-path-go/go.mod': {
    why: 'a module replaced by a folder is used, in a version that nobody states',
    also: ['golang.org/x/xerrors '],
  },
  'trivy-replaced-with-local-path-and-version-go/go.mod': {
    why: 'a module replaced by a folder is used, in a version that nobody states',
    also: ['golang.org/x/xerrors '],
  },
  'scalibr-replace-local/go.mod': {
    why: 'a folder is no name of a module: the name that is imported is',
    not: ['./fork/net '],
    also: ['golang.org/x/net '],
  },
  'trivy-go116-go/go.mod': {
    why: 'before Go 1.17 the go.sum beside it lists what is needed indirectly',
    also: [
      'github.com/davecgh/go-spew 1.1.1',
      'github.com/pmezard/go-difflib 1.0.0',
      'github.com/stretchr/testify 1.7.0',
      'golang.org/x/xerrors 0.0.0-20200804184101-5ec99f83aff1',
      'gopkg.in/yaml.v3 3.0.0-20210107192922-496545a6307b',
    ],
  },
};

interface Expected {
  error?: string;
  packages: { name: string; version: string; relationship?: string }[];
}
