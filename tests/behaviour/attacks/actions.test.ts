import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ACTIONS, UNSHOWN } from './actions.ts';

const LIST = join(import.meta.dirname, '../../../../shared/runtime/event-generator-actions.json');
const LEFT_OUT = existsSync(LIST) ? '' : ' (left out: ../shared is not here)';

describe('attacks', () => {
  it('are each listed once, and done or named with the reason why not', () => {
    const done = ACTIONS.map(({ action }) => action);
    expect(new Set(done).size).toBe(done.length);
    expect(done.filter((action) => action in UNSHOWN)).toEqual([]);
    for (const { script } of ACTIONS) expect(script).not.toBe('');
  });

  it.skipIf(LEFT_OUT !== '')(`are those of the list of actions, all of them${LEFT_OUT}`, () => {
    const list = z.object({ actions: z.array(z.object({ action: z.string() })) });
    const { actions } = list.parse(JSON.parse(readFileSync(LIST, 'utf8')));
    const known = [...ACTIONS.map(({ action }) => action), ...Object.keys(UNSHOWN)];
    expect(known.sort()).toEqual(actions.map(({ action }) => action).sort());
  });
});
