import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const wall = new URL('./run-behind-wall.ts', import.meta.url).href;

/** Runs a task in a program of its own that keeps compiled code in `cache`, as the command does. */
function run(folder: string, cache: string): unknown {
  const script = `
    import { enableCompileCache } from 'node:module';
    enableCompileCache(${JSON.stringify(cache)});
    const { runBehindWall } = await import(${JSON.stringify(wall)});
    const { z } = await import(${JSON.stringify(import.meta.resolve('zod'))});
    const task = { module: ${JSON.stringify(`file://${folder}/task.ts`)}, function: 'greet', schemas: () => ({ result: z.string() }) };
    console.log(JSON.stringify(await runBehindWall(task, 'world', { place: { source: 'test' } })));`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
}

describe('strippedModules', () => {
  it('gives a child the modules that an earlier run stripped, and sees when one changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripped-'));
    const cache = join(folder, 'cache');
    mkdirSync(cache);
    writeFileSync(join(folder, 'greeting.ts'), `export const greeting: string = 'hello';\n`);
    writeFileSync(
      join(folder, 'task.ts'),
      `import { greeting } from './greeting.ts';\nexport const greet = (name: string): string => greeting + ' ' + name;\n`,
    );
    expect(run(folder, cache)).toEqual({ ok: true, value: 'hello world' });
    const kept = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('stripped-'));
    expect(kept).toHaveLength(2);
    expect(run(folder, cache)).toEqual({ ok: true, value: 'hello world' });
    writeFileSync(join(folder, 'greeting.ts'), `export const greeting: string = 'good morning';\n`);
    expect(run(folder, cache)).toEqual({ ok: true, value: 'good morning world' });
  });

  it('does without them where what was kept is damaged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripped-'));
    const cache = join(folder, 'cache');
    writeFileSync(join(folder, 'task.ts'), `export const greet = (name: string): string => name;\n`);
    run(folder, cache);
    for (const name of readdirSync(cache, { recursive: true, encoding: 'utf8' })) {
      if (name.includes('stripped-')) writeFileSync(join(cache, name), '[{');
    }
    expect(run(folder, cache)).toEqual({ ok: true, value: 'world' });
  });
});
