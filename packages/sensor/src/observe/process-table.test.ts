import { describe, expect, it } from 'vitest';
import { ProcessTable, type SeenProcess } from './process-table.ts';

const process = (pid: number, parent?: SeenProcess): Omit<SeenProcess, 'depth'> => ({
  pid,
  start: pid * 1e9,
  parent,
  path: `/${pid}`,
  arguments: '',
  uid: 0,
  inImage: true,
  fileless: false,
  capabilities: 0n,
  isRuntime: false,
});

describe('a process table', () => {
  it('tells processes with the same number apart by their start', () => {
    const table = new ProcessTable();
    table.put({ ...process(1), start: 1e9, path: '/old' });
    table.put({ ...process(1), start: 9e9, path: '/new' });
    expect([table.get(1, 1e9)?.path, table.get(1, 9e9)?.path, table.get(1, 5e9)]).toEqual(['/old', '/new', undefined]);
  });

  it('keeps those that ended for a while, and living ones through a flood of others', () => {
    const table = new ProcessTable();
    table.put(process(1));
    for (let pid = 2; pid < 20_000; pid++) table.end(table.put(process(pid)));
    expect(table.get(1, 1e9)?.path).toBe('/1');
    expect(table.get(19_999, 19_999e9)?.path).toBe('/19999');
    expect(table.get(2, 2e9)).toBeUndefined();
  });

  it('lets go of distant ancestors', () => {
    const table = new ProcessTable();
    let last = table.put(process(1));
    for (let pid = 2; pid < 1000; pid++) last = table.put(process(pid, last));
    let ancestors = 0;
    for (let at: SeenProcess | undefined = last; at !== undefined; at = at.parent) ancestors++;
    expect(ancestors).toBeLessThanOrEqual(64);
  });
});
