import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const module = new URL('./built-in-policies.ts', import.meta.url).href;
const POLICY = (title: string): string => `apiVersion: breakwater/v1
kind: Policy
metadata: { name: p }
spec:
  title: ${title}
  why: w
  fix: f
  severity: high
  phases: [build]
  require: [{ expr: "true", message: "'m'" }]
`;

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-built-in-'));
  cache = mkdtempSync(join(tmpdir(), 'breakwater-compiled-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(cache, { recursive: true });
});

/** Reads them in a program of its own that keeps compiled code in `cache`, as the command does. */
function read(): { policies: { policy: { spec: { title: string } } }[]; unknowns: { code: string }[] } {
  const script = `
    import { enableCompileCache } from 'node:module';
    enableCompileCache(${JSON.stringify(cache)});
    const { builtInPolicies } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(builtInPolicies(${JSON.stringify(folder)})));`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
}

const kept = (): string[] =>
  readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => /policies-[0-9a-f]+\.json$/.test(name));

const titles = ({ policies }: ReturnType<typeof read>): string[] => policies.map(({ policy }) => policy.spec.title);

describe('builtInPolicies', () => {
  it('keeps what it read and checked, and reads it anew when a file changes, comes or goes', () => {
    const file = join(folder, 'p.yaml');
    writeFileSync(file, POLICY('one'));
    const first = read();
    expect(titles(first)).toEqual(['one']);
    expect(kept()).toHaveLength(1);
    expect(read()).toEqual(first);
    writeFileSync(file, POLICY('two'));
    expect(titles(read())).toEqual(['two']);
    writeFileSync(join(folder, 'q.yaml'), POLICY('three').replace('name: p', 'name: q'));
    expect(titles(read())).toEqual(['two', 'three']);
    rmSync(file);
    expect(titles(read())).toEqual(['three']);
  });

  it('does not use what was kept and is damaged, and tells a fault every time', () => {
    writeFileSync(join(folder, 'p.yaml'), POLICY('one'));
    read();
    writeFileSync(join(cache, kept()[0]!), '{"state":');
    expect(titles(read())).toEqual(['one']);
    writeFileSync(join(folder, 'p.yaml'), POLICY('one').replace('severity: high', 'severity: awful'));
    expect([read(), read()].map(({ unknowns }) => unknowns.map(({ code }) => code))).toEqual([
      ['policy-invalid'],
      ['policy-invalid'],
    ]);
  });
});
