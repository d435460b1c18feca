import type { IncidentSign } from '@breakwater/engine/incident';
import { describe, expect, it } from 'vitest';
import type { AssessmentView } from '../assessment/view.ts';
import { knownOfEstate } from './known-of-estate.ts';

const SIGN: IncidentSign = {
  kind: 'alert',
  subject: 'shop/web:1',
  event: {
    source: 'sensor',
    time: '2026-02-01T03:00:00.000Z',
    type: 'alert',
    container: { id: 'c1', name: 'web', image: 'shop/web:1' },
    alert: { rule: 'shell', priority: 'Error', message: 'a shell', tags: [] },
  },
};

describe('what is known of signs', () => {
  it('is read again where it could not be read, and once where it could', async () => {
    let asked = 0;
    const view: Partial<AssessmentView> = {
      summary: async () => ({ time: '2026-02-01T00:00:00.000Z' }) as Awaited<ReturnType<AssessmentView['summary']>>,
      async workloads() {
        if (asked++ === 0) throw new Error('the database is away');
        return { items: [], total: 0 };
      },
    };
    const knownOf = knownOfEstate(view as AssessmentView, () => undefined);
    await expect(knownOf(SIGN)).rejects.toThrow('away');
    expect((await knownOf(SIGN)).unknowns[0]).toContain('it is not in the estate that was read');
    await knownOf(SIGN);
    expect(asked).toBe(2);
  });
});
