import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../examples/estate', import.meta.url));

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'breakwater-bundle-'));
  const build = `import { bundle } from ${JSON.stringify(join(PACKAGE, 'bundle.mjs'))}; await bundle('${root}/dist');`;
  execFileSync(process.execPath, ['--input-type=module', '-e', build]);
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'src'));
  cpSync(join(PACKAGE, 'bin/breakwater.mjs'), join(root, 'bin/breakwater.mjs'));
  writeFileSync(join(root, 'src/main.ts'), `console.log('from source');\n`);
});

afterAll(() => rmSync(root, { recursive: true }));

function start(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, BREAKWATER_STATE: join(root, 'state') };
  const command = ['--disable-warning=ExperimentalWarning', program, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const bundled = () => join(root, 'bin/breakwater.mjs');

describe('the bundle', { timeout: 120_000 }, () => {
  it('does what the source does, behind the wall too', () => {
    const layer = join(root, 'layer.tar');
    mkdirSync(join(root, 'image/lib/apk/db'), { recursive: true });
    writeFileSync(join(root, 'image/lib/apk/db/installed'), 'P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\n\n');
    execFileSync('tar', ['-cf', layer, '-C', join(root, 'image'), '.']);
    for (const args of [
      ['sbom', layer],
      ['rank', EXAMPLE, '--output', 'json'],
    ]) {
      const wanted = start(join(PACKAGE, 'src/main.ts'), ...args);
      const given = start(bundled(), ...args);
      expect(wanted.status).toBe(0);
      expect(withoutMoments(given.stdout)).toBe(withoutMoments(wanted.stdout));
      expect(given.stderr).toBe(wanted.stderr);
    }
  });

  it('gives way to the source as soon as one of them changed', () => {
    expect(start(bundled(), 'help').stdout).toContain('breakwater rank');
    const list = join(root, 'dist/sources.json');
    const sources = JSON.parse(readFileSync(list, 'utf8')) as [string, number, number][];
    expect(sources.map(([path]) => path)).toContain(relative(join(root, 'dist'), join(PACKAGE, 'src/main.ts')));
    const [, modified, size] = sources[0]!;
    sources[0] = [relative(join(root, 'dist'), join(root, 'src/main.ts')), modified, size];
    writeFileSync(list, JSON.stringify(sources));
    expect(start(bundled(), 'help').stdout).toBe('from source\n');
    appendFileSync(list, ']');
    expect(start(bundled(), 'help').stdout).toBe('from source\n');
  });
});

/** Moments and random numbers differ from run to run. */
function withoutMoments(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'MOMENT').replace(/urn:uuid:[0-9a-f-]+/g, 'NUMBER');
}
