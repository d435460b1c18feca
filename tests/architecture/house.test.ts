import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources, root } from './imports.ts';

/** Who may import whom: the left side, everything on the right (transitive edges are written out). */
const ALLOWED: Record<string, string[]> = {
  model: [],
  engine: ['model'],
  sources: ['model'],
  outputs: ['model'],
  app: ['model', 'engine', 'sources', 'outputs'],
  store: ['model', 'engine', 'sources', 'outputs', 'app'],
  server: ['model', 'engine', 'sources', 'outputs', 'app'],
  sensor: ['model', 'engine', 'sources', 'outputs'],
  console: ['model'],
  cli: ['model', 'engine', 'sources', 'outputs', 'app', 'store', 'server', 'sensor'],
};
const sources = readSources();
const product = sources.filter((file) => !/\.test\.tsx?$/.test(file.path));

describe('import directions', () => {
  it('follow the house: no package imports one that stands above it', () => {
    const wrong = sources.flatMap((file) =>
      file.imports
        .map((name) => /^@breakwater\/([a-z]+)/.exec(name)?.[1])
        .filter((target) => target !== undefined && target !== file.package && !ALLOWED[file.package]?.includes(target))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('never leave a package by a relative path', () => {
    const wrong = sources.flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith('.'))
        .filter((name) => !join(file.path, '..', name).startsWith(`packages/${file.package}/`))
        .map((name) => `${file.path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no cycle between files', () => {
    const edges = new Map(
      product.map((file) => [
        file.path,
        file.imports.filter((name) => name.startsWith('.')).map((name) => join(file.path, '..', name)),
      ]),
    );
    expect(findCycle(edges)).toEqual([]);
  });
});

describe('the engine', () => {
  it('is pure: no file system, network, clock or chance', () => {
    const forbidden =
      /from 'node:|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(|performance\.now\(/;
    const wrong = product
      .filter((file) => file.package === 'engine' && forbidden.test(file.text))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });
});

describe('the model', () => {
  it('imports nothing but zod', () => {
    const wrong = product
      .filter((file) => file.package === 'model')
      .flatMap((file) => file.imports.filter((name) => !name.startsWith('.') && name !== 'zod'));
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('say what they hold: no utils, helpers, common, manager or base', () => {
    const wrong = sources
      .filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager|base)(\.tsx?$|\/)/.test(file.path))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it('stay below 300 lines', () => {
    expect(product.filter((file) => file.lines > 301).map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
  });
});

describe('packages', () => {
  it('declare what they import', () => {
    const wrong = new Set(
      product.flatMap((file) => {
        const {
          name,
          dependencies = {},
          devDependencies = {},
        } = JSON.parse(readFileSync(join(root, 'packages', file.package, 'package.json'), 'utf8'));
        return file.imports
          .filter((imported) => !imported.startsWith('.') && !imported.startsWith('node:'))
          .map((imported) =>
            imported
              .split('/')
              .slice(0, imported.startsWith('@') ? 2 : 1)
              .join('/'),
          )
          .filter((imported) => imported !== name && !(imported in dependencies) && !(imported in devDependencies))
          .map((imported) => `${file.package} uses ${imported}`);
      }),
    );
    expect([...wrong]).toEqual([]);
  });
});

/** The first cycle met, as the files along it; empty when there is none. */
function findCycle(edges: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] => {
    const seen = trail.indexOf(file);
    if (seen >= 0) return [...trail.slice(seen), file];
    if (done.has(file)) return [];
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of edges.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
