import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseInputs } from '../../inputs/recognise-inputs.ts';
import { readImages } from '../read-images.ts';
import { parseIndex, readTracked } from './git-index.ts';

const lock = (name: string): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, [`node_modules/${name}`]: { version: '1.0.0' } } });

function checkout(files: Record<string, string>, tracked: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const git = (...rest: string[]): void => void execFileSync('git', ['-C', folder, ...rest], { stdio: 'ignore' });
  git('init', '--quiet');
  if (tracked.length > 0) git('add', '--force', '--', ...tracked);
  return folder;
}

const files = {
  'package-lock.json': lock('tracked'),
  'tools/package-lock.json': lock('untracked'),
  'node_modules/installed/package.json': '{"name":"installed","version":"1.0.0"}',
  'node_modules/other/package-lock.json': lock('nested'),
  'actions/node_modules/vendored/package.json': '{"name":"vendored","version":"1.0.0"}',
  '.venv/requirements.txt': 'six==1.0.0\n',
  'build/node_modules.json': '{}',
};

describe('a checkout', () => {
  const tracked = ['package-lock.json', 'actions/node_modules/vendored/package.json'];

  it('is read as far as git tracks it, with lock files that it does not', async () => {
    const { images, unknowns } = await readImages(`repository:${checkout(files, tracked)}`);
    expect(unknowns).toEqual([]);
    expect(images[0]).toMatchObject({ source: 'repository', unknowns: [] });
    expect(images[0]?.components.map(({ name }) => name).sort()).toEqual(['tracked', 'untracked', 'vendored']);
  });

  it('is an input where it holds lock files, beside its manifests, and so is any other folder or file that does', async () => {
    const folder = checkout(files, tracked);
    const found = await recogniseInputs([folder]);
    expect(found.images).toEqual([`repository:${folder}`]);
    expect(found.manifests).toEqual([folder]);
    expect((await recogniseInputs([join(folder, 'tools')])).images).toEqual([`repository:${join(folder, 'tools')}`]);
    const lockFile = join(folder, 'tools/package-lock.json');
    expect(await recogniseInputs([lockFile])).toMatchObject({ images: [`repository:${lockFile}`], manifests: [] });
    const plain = checkout({ 'a.yaml': 'kind: Pod', 'environment.yaml': 'kind: Pod' }, []);
    expect((await recogniseInputs([plain])).images).toEqual([]);
    expect(await recogniseInputs([join(plain, 'environment.yaml')])).toMatchObject({
      images: [`repository:${join(plain, 'environment.yaml')}`],
      manifests: [join(plain, 'environment.yaml')],
    });
    expect((await recogniseInputs(['docker:app', 'container:web'])).images).toEqual(['docker:app', 'container:web']);
  });

  it('with projects that no lock file pins is told, and none that ask for nothing or are locked above', async () => {
    const asking = '{"dependencies": {"left-pad": "*"}}';
    const projects = {
      'locked/package-lock.json': lock('a'),
      'locked/package.json': asking,
      'locked/workspace/package.json': asking,
      'open/package.json': asking,
      'quiet/package.json': '{"dependencies": {}, "type": "module"}',
      'crate/Cargo.toml': '[package]\nname = "a"\n[dependencies]\nserde = "1"\n',
      'gem/Gemfile': 'source "x"\ngem "rails"\n',
      'python/pyproject.toml': '[project]\ndependencies = ["requests"]\n',
    };
    const { unknowns } = await readImages(`repository:${checkout(projects, Object.keys(projects))}`);
    expect(unknowns).toMatchObject([
      {
        code: 'lock-file-missing',
        message: expect.stringMatching(/^crate\/Cargo.toml, gem\/Gemfile, open\/package.json and 1 more: /),
      },
    ]);
  });

  it('that is a file is that file alone; root file systems in a folder are images of their own', async () => {
    const folder = checkout(
      { ...files, 'root/etc/os-release': 'ID=alpine\n', 'root/app/package-lock.json': lock('in') },
      [],
    );
    const names = async (target: string): Promise<string[]> =>
      (await readImages(`repository:${target}`)).images.flatMap(({ components }) => components.map(({ name }) => name));
    expect(await names(join(folder, 'tools/package-lock.json'))).toEqual(['untracked']);
    rmSync(join(folder, '.git'), { recursive: true });
    expect((await names(folder)).sort()).toEqual(['tracked', 'untracked']);
  });

  it('says of projects without any lock file, and of emptied ones, what is not known, and nothing of those that need nothing', async () => {
    const codes = async (contents: Record<string, string>): Promise<string[]> => {
      const folder = checkout(contents, Object.keys(contents));
      expect((await recogniseInputs([folder])).images).toEqual([`repository:${folder}`]);
      const { images, unknowns } = await readImages(`repository:${folder}`);
      return [...unknowns, ...images.flatMap((image) => image.unknowns)].map(({ code }) => code);
    };
    expect(await codes({ 'package.json': '{"dependencies": {"a": "*"}}' })).toContain('lock-file-missing');
    expect(await codes({ 'package.json': '{"name": "a", "version": "1.0.0"}' })).toEqual([]);
    expect(await codes({ 'Cargo.lock': '', 'package-lock.json': lock('a') })).toEqual(['lock-file-empty']);
    expect(await codes({ 'requirements.txt': '', 'yarn.lock': '' })).toEqual([]);
  });

  it('of a stranger is looked through in a time that its length bounds', async () => {
    const hostile = {
      'package-lock.json': lock('a'),
      Gemfile: '\n'.repeat(1_000_000),
      'Cargo.toml': '[\r'.repeat(500_000),
    };
    const start = performance.now();
    await readImages(`repository:${checkout(hostile, Object.keys(hostile))}`);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('that is nowhere is told', async () => {
    expect((await readImages('repository:/nowhere')).unknowns).toMatchObject([{ code: 'path-missing' }]);
  });
});

describe('the index of git', () => {
  const paths = ['a', 'a/b/c.txt'.replace('a/', 'd/'), 'd/é', `long/${'x'.repeat(200)}`, 'z'];
  const all = Object.fromEntries(paths.map((path) => [path, 'x']));

  it.each(['2', '3', '4'])('lists what is tracked, in version %s', async (version) => {
    const folder = checkout(all, []);
    execFileSync('git', ['-C', folder, '-c', `index.version=${version}`, 'add', '--', ...paths.slice(1)]);
    if (version === '3') execFileSync('git', ['-C', folder, 'add', '--intent-to-add', 'a']);
    execFileSync('git', ['-C', folder, 'update-index', '--index-version', version === '3' ? '3' : version]);
    const listed = execFileSync('git', ['-C', folder, 'ls-files', '-z'], { encoding: 'utf8' })
      .split('\0')
      .filter(Boolean);
    expect([...(await readTracked(folder))!].sort()).toEqual(listed.sort());
  });

  it('of any other form is none, and never one without end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const header = Buffer.from('DIRC\0\0\0\x04\xff\xff\xff\xff', 'latin1');
        parseIndex(Buffer.concat([header, bytes]));
        parseIndex(Buffer.from(bytes));
      }),
    );
    expect(parseIndex(Buffer.alloc(0))).toBeUndefined();
  });
});
