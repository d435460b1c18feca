import { type Guard, holdingsOf } from '@breakwater/sensor/guards';
import { describe, expect, it } from 'vitest';
import { holdingLines } from './print-holdings.ts';

const GUARD: Guard = { programs: 'block', connections: 'block', mounts: 'block', tracing: 'audit' };

describe('what the guards of a container are worth', () => {
  it('is said without calling prevention what is none', () => {
    const lines = holdingLines(
      'web',
      holdingsOf(GUARD, { lsm: new Set(), guardsConnections: true, guardsUnixNames: false }),
    );
    expect(lines).toEqual([
      'web  prevented: programs (killed before the first instruction); connections (refused before the first packet)',
      'web  not prevented: mounts (killed after the call)',
      'web  told only: tracing',
    ]);
  });

  it('is prevention by the hooks that the kernel asks', () => {
    const lines = holdingLines(
      'web',
      holdingsOf(GUARD, {
        lsm: new Set(['programs', 'mounts', 'tracing']),
        guardsConnections: true,
        guardsUnixNames: false,
      }),
    );
    expect(lines[0]).toBe(
      'web  prevented: programs, mounts (BPF-LSM refuses it); connections (refused before the first packet)',
    );
    expect(lines).toHaveLength(2);
  });
});
