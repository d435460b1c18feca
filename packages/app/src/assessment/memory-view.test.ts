import { describe, expect, it } from 'vitest';
import { exampleAssessment, exampleFinding } from '../testing/index.ts';
import { viewAssessment } from './memory-view.ts';

const CART = 'default/shop/Deployment/cart';
const TIME = '2026-01-01T00:00:00Z';
const page = { limit: 50 };

// What the store promises of a saved assessment (open-store.test.ts) holds for one in memory.
describe('viewAssessment', () => {
  it('gives back the ranking whole, workloads by id and nothing for ids that it does not hold', async () => {
    const assessment = exampleAssessment(TIME, ['cart', 'postgres'], []);
    const view = viewAssessment(assessment);
    expect(await view.ranking()).toEqual(assessment.ranking);
    expect(await view.workload(CART)).toEqual(assessment.workloads[0]);
    expect([await view.workload('x'), await view.image('x'), await view.finding('x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('lists findings that matter first, then by severity, page by page without loss or repeat', async () => {
    const findings = (['low', 'critical', 'high', 'medium', 'unknown'] as const).flatMap((severity, index) => [
      exampleFinding(CART, `quiet-${index}`, severity, false),
      exampleFinding(CART, `loud-${index}`, severity, true),
    ]);
    const view = viewAssessment(exampleAssessment(TIME, ['cart'], findings));
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const found = await view.findings({ limit: 3, workload: CART, ...(cursor ? { cursor } : {}) });
      seen.push(...found.items.map((item) => `${item.matters} ${item.severity}`));
      cursor = found.nextCursor;
      expect(found.total).toBe(10);
    }
    const order = ['critical', 'high', 'medium', 'low', 'unknown'];
    expect(seen).toEqual([...order.map((s) => `true ${s}`), ...order.map((s) => `false ${s}`)]);
  });

  it('searches names, takes % and _ literally and filters by namespace', async () => {
    const view = viewAssessment(exampleAssessment(TIME, ['cart', 'postgres', 'card'], []));
    const names = async (query: object) => (await view.workloads({ ...page, ...query })).items.map((item) => item.name);
    expect(await names({ search: 'CAR' })).toEqual(['cart', 'card']);
    expect(await names({ search: 'car_' })).toEqual([]);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ namespace: 'data' })).toEqual(['postgres']);
  });

  it('refuses a cursor that it did not give', async () => {
    const view = viewAssessment(exampleAssessment(TIME, ['cart'], []));
    await expect(view.workloads({ ...page, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'cursor-invalid' });
  });

  it('narrows findings to a workload or an image, and searches their rules', async () => {
    const findings = [
      exampleFinding(CART, 'one', 'high', true),
      { ...exampleFinding('sha256:1', 'two', 'high', true), workload: undefined as never, image: 'sha256:1' },
    ];
    const view = viewAssessment(exampleAssessment(TIME, ['cart'], findings));
    const rules = async (query: object) => (await view.findings({ ...page, ...query })).items.map((item) => item.rule);
    expect(await rules({ workload: CART })).toEqual(['one']);
    expect(await rules({ image: 'sha256:1' })).toEqual(['two']);
    expect(await rules({ search: 'TWO' })).toEqual(['two']);
  });

  it('sums up with the scopes in order and one point of trend', async () => {
    const summary = await viewAssessment(exampleAssessment(TIME, ['cart', 'postgres'], [])).summary();
    expect(summary).toMatchObject({
      workloads: 2,
      unknowns: 0,
      trend: [{ time: TIME, loss: 2 }],
      scopes: [{ cluster: 'default', namespaces: ['data', 'shop'] }],
    });
  });
});
