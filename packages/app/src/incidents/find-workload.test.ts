import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { AssessedWorkload } from '../assessment/assessment.ts';
import type { AssessmentView } from '../assessment/view.ts';
import { findWorkload } from './find-workload.ts';

const WORKLOADS = [
  { id: 'prod/shop/Deployment/web', namespace: 'shop', kind: 'Deployment', name: 'web' },
  { id: 'prod/shop/StatefulSet/db', namespace: 'shop', kind: 'StatefulSet', name: 'db' },
  { id: 'prod/shop/CronJob/db', namespace: 'shop', kind: 'CronJob', name: 'db' },
  { id: 'prod/shop/Deployment/mail', namespace: 'shop', kind: 'Deployment', name: 'mail' },
  { id: 'test/shop/Deployment/mail', namespace: 'shop', kind: 'Deployment', name: 'mail' },
];

/** An assessment of clusters that are followed: their workloads have the names of their contexts in front. */
const view: Partial<AssessmentView> = {
  workload: async (id) => WORKLOADS.find((one) => one.id === id) as unknown as AssessedWorkload | undefined,
  workloads: async ({ search = '', namespace, cluster }) => {
    const items = WORKLOADS.filter(
      ({ id, ...one }) =>
        (namespace === undefined || one.namespace === namespace) &&
        (cluster === undefined || id.startsWith(`${cluster}/`)) &&
        one.name.includes(search),
    );
    return { items: items as never[], total: items.length };
  },
};
const found = async (subject: string, name: string, cluster?: string): Promise<unknown> => {
  const pod = { namespace: 'shop', name, labels: {}, ...(cluster !== undefined && { cluster }) };
  const event = { source: 'tetragon', type: 'exec', time: '2026-01-01T00:00:00Z', pod } as unknown as RuntimeEvent;
  const workload = await findWorkload(view as AssessmentView, subject, event);
  return (workload as unknown as { id: string } | undefined)?.id;
};

describe('the workload of an event', () => {
  it('is found by its own name where the source told the pod alone, and no cluster', async () => {
    expect(await found('shop/Deployment/web', 'web-56b55d7545-2xpsn')).toBe('prod/shop/Deployment/web');
  });

  it('is that of its kind where several have its name', async () => {
    expect(await found('shop/StatefulSet/db', 'db-0')).toBe('prod/shop/StatefulSet/db');
  });

  it('is that of the cluster that was told, and none where two have it and none was', async () => {
    expect(await found('test/shop/Deployment/mail', 'mail-56b55d7545-2xpsn', 'test')).toBe('test/shop/Deployment/mail');
    expect(await found('shop/Deployment/mail', 'mail-56b55d7545-2xpsn')).toBeUndefined();
  });

  it('is not that of another cluster, where the one that was told is known; one that is called otherwise is', async () => {
    expect(await found('test/shop/Deployment/web', 'web-56b55d7545-2xpsn', 'test')).toBeUndefined();
    expect(await found('eu-1/shop/Deployment/web', 'web-56b55d7545-2xpsn', 'eu-1')).toBe('prod/shop/Deployment/web');
  });
});
