import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** In a process of its own, as it is meant for: flags of V8 count for all of one. */
const SCRIPT = `
  import { OwnMemory } from ${JSON.stringify(new URL('own-memory.ts', import.meta.url).href)};
  let trimmed = 0;
  const memory = new OwnMemory(() => { trimmed++; }, 0);
  const resident = () => Math.round(process.memoryUsage.rss() / 1048576);
  const told = [];
  const tell = (now) => { memory.settle(now); told.push([resident(), trimmed]); };
  let kept = Array.from({ length: 600_000 }, (_, number) => ({ number, text: 'storm ' + number }));
  told.push([resident(), kept.length && trimmed]);
  kept = undefined;
  tell(1000);
  tell(3000);
  tell(14_000);
  process.stdout.write(JSON.stringify(told));
`;

describe('the memory of a process that only watches', () => {
  it('is given back once after a storm, and looked through no more while little is needed', () => {
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' });
    const [storm, early, settled, later] = JSON.parse(ran.stdout) as [number, number][];
    expect(early?.[1]).toBe(0);
    expect(settled?.[1]).toBe(1);
    expect(settled?.[0]).toBeLessThan((storm?.[0] ?? 0) - 30);
    expect(later?.[1]).toBe(1);
  });
});
