import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Explanation, FixStory, Ranking, ScanReport } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, runCommand, startCommand } from './testing/run-command.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/estate', import.meta.url));
const POD = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: web
      image: registry.example/web:1
      securityContext:
        privileged: PRIVILEGED
`;

let root: string;
let folder: string;
let state: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'breakwater-command-'));
  folder = join(root, 'clone');
  state = join(root, 'state');
  cpSync(EXAMPLE, join(folder, 'estate'), { recursive: true });
  mkdirSync(join(folder, 'none'));
  writeFileSync(join(folder, 'good.yaml'), POD.replace('PRIVILEGED', 'false'));
  writeFileSync(join(folder, 'bad.yaml'), POD.replace('PRIVILEGED', 'true'));
  writeFileSync(join(folder, 'broken.yaml'), 'a: [1, 2\n');
  writeFileSync(join(folder, 'junk.tar'), Buffer.alloc(4096, 7));
  execFileSync('git', ['init', '-q'], { cwd: folder });
});

afterAll(() => rmSync(root, { recursive: true }));

const breakwater = (...args: string[]) => runCommand(args, { folder, state });

async function rank(): Promise<Ranking> {
  const { code, stdout, stderr } = await breakwater('rank', 'estate', '--output', 'json');
  expect([code, stderr]).toEqual([0, '']);
  return Ranking.parse(JSON.parse(stdout));
}

describe('the command line', { timeout: 120_000 }, () => {
  it('ranks, prints a patch that git takes, and the loss falls by what was promised', async () => {
    const before = await rank();
    const fix = await breakwater('fix', '1');
    expect(fix.code).toBe(0);
    expect(fix.stderr).toContain('Fix 1: ');
    execFileSync('git', ['apply'], { cwd: folder, input: fix.stdout });
    const after = await rank();
    expect(before.loss - after.loss).toBeCloseTo(before.fixes[0]!.lossRemoved, 9);
    execFileSync('git', ['apply', '--reverse'], { cwd: folder, input: fix.stdout });
    expect((await rank()).loss).toBe(before.loss);
  });

  it('gives data in the shapes that are published, and nothing else, on stdout', async () => {
    await rank();
    const [fix, quiet, workload] = await Promise.all([
      breakwater('fix', '1', '-o', 'json'),
      breakwater('explain', 'quiet', '-o', 'json'),
      breakwater('explain', 'shop/cart', '-o', 'json'),
    ]);
    expect(FixStory.parse(JSON.parse(fix.stdout)).patch).toContain('--- a/estate/');
    expect(Explanation.parse(JSON.parse(quiet.stdout)).id).toBe('quiet');
    const { chain, summary } = Explanation.parse(JSON.parse(workload.stdout));
    expect(summary).toMatch(/^shop\/cart /);
    expect(new Set(chain.map(({ step }) => step))).toEqual(
      new Set(['source', 'fact', 'finding', 'decision', 'action']),
    );
    expect([fix.code, quiet.code, workload.code]).toEqual([0, 0, 0]);
  });

  it('refuses with 1 what the build gate blocks, and names the line and column of the field', async () => {
    const { code, stdout, stderr } = await breakwater('scan', 'bad.yaml', '-o', 'json');
    expect([code, stderr]).toEqual([1, '']);
    const report = ScanReport.parse(JSON.parse(stdout));
    const blocking = report.targets[0]?.policies.find(({ policy }) => policy === 'no-privileged-containers');
    expect(blocking?.place).toMatchObject({ source: 'bad.yaml', line: 9, column: 9 });
  });

  it('judges what the example runs: each of its images has vulnerabilities that its advisories know', async () => {
    const { stdout } = await breakwater('scan', 'estate', '-o', 'json');
    const images = ScanReport.parse(JSON.parse(stdout)).targets.filter(({ kind }) => kind === 'image');
    expect(images.map(({ vulnerabilities }) => vulnerabilities.length > 0)).toEqual([true, true, true, true]);
  });

  it.each([
    ['good.yaml', 0, 'pass'],
    ['broken.yaml', 2, 'broken.yaml:'],
    ['junk.tar', 2, '[junk.tar]'],
    ['none', 2, 'Nothing in none was recognised.'],
  ])('scans %s with exit code %i and says %s', async (target, expected, text) => {
    const { code, stdout } = await breakwater('scan', target);
    expect(code).toBe(expected);
    expect(stdout).toContain(text);
  });

  it('does not take an estate without workloads for one without risk', async () => {
    const { code, stdout, stderr } = await breakwater('rank', 'none', '--state', join(root, 'other'));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('there is no workload to rank');
  });

  it.each([
    [['rnak'], "Did you mean 'breakwater rank'?"],
    [['rank', '--outptu'], "See 'breakwater rank --help'."],
    [['scan', 'nowhere'], 'There is nothing at nowhere.'],
    [['explain', 'nobody', 'estate'], "Nothing here is called 'nobody'."],
    [['fix', '9999', 'estate'], 'There is no fix 9999.'],
    [['db', 'status'], 'No advisories are imported.'],
  ])('answers %j with exit code 2 and what to do, on stderr alone', async (args, text) => {
    const { code, stdout, stderr } = await breakwater(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
  });

  it('colours only where it is asked to', async () => {
    const [plain, forced, refused] = await Promise.all(
      ([{}, { FORCE_COLOR: '1' }, { NO_COLOR: '1' }] as Record<string, string>[]).map((environment) =>
        runCommand(['scan', 'bad.yaml'], { folder, state, environment }),
      ),
    );
    expect(forced?.stdout).toContain('\u001b[');
    expect([plain?.stdout.includes('\u001b'), refused?.stdout.includes('\u001b')]).toEqual([false, false]);
  });

  it('goes on when its reader has seen enough', async () => {
    const child = startCommand(['scan', 'bad.yaml', '-o', 'json'], { folder, state });
    child.stdout?.destroy();
    const { code, stderr } = await finish(child);
    expect([code, stderr]).toEqual([1, '']);
  });
});
