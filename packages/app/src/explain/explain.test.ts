import { Explanation } from '@breakwater/model';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Assessment } from '../assessment/assessment.ts';
import { viewAssessment } from '../assessment/memory-view.ts';
import type { AssessmentView } from '../assessment/view.ts';
import { exampleAssessment, exampleFinding } from '../testing/index.ts';
import { explain } from './explain.ts';

const CART = 'default/shop/Deployment/cart';
const STEPS = ['source', 'fact', 'finding', 'decision', 'action'];
const finding = {
  ...exampleFinding(CART, 'CVE-2024-1', 'critical', true),
  kind: 'vulnerability' as const,
  message: 'left 1.0.0 has CVE-2024-1.',
  why: 'it is loaded',
  confidence: 'exact version',
  fix: 'Upgrade left.',
};
const quiet = exampleFinding(CART, 'no-latest-tag', 'low', false);

let assessment: Assessment;
let view: AssessmentView;

beforeAll(() => {
  assessment = exampleAssessment('2026-01-01T00:00:00Z', ['cart', 'postgres'], [finding, quiet]);
  const [cart] = assessment.workloads;
  cart!.workload.definitions.push({ source: 'k8s/cart.yaml', line: 3 });
  Object.assign(cart!.ranked, {
    why: 'is reachable from the Internet.',
    fixes: [1],
    path: [
      {
        from: 'Internet',
        to: 'shop/cart',
        phrase: 'through ingress shop',
        probability: 0.5,
        reason: 'port 80',
        edge: 'e',
      },
    ],
  });
  assessment.ranking.unknowns.push({
    code: 'image-missing',
    message: 'An image was not given.',
    place: { source: 'k8s/cart.yaml', line: 9 },
  });
  assessment.ranking.vulnerabilities = {
    total: 3,
    matter: 1,
    quiet: [{ reason: 'harms availability only', count: 2 }],
  };
  assessment.fixes = [
    {
      fix: {
        n: 1,
        id: 'f',
        title: 'Narrow the role',
        detail: 'It loses get on secrets.',
        lossRemoved: 2,
        lossRemovedTogether: 2,
        files: ['k8s/cart.yaml'],
        afterRebuild: false,
        workloads: [CART],
      },
      edits: [],
      patch: '',
      notes: [],
    } as never,
  ];
  view = viewAssessment(assessment);
});

const told = async (id: string) => Explanation.parse(await explain(view, id));
const order = (chain: Explanation['chain']) => chain.map(({ step }) => STEPS.indexOf(step));
const rises = (steps: number[]) => steps.every((step, index) => index === 0 || step >= (steps[index - 1] ?? 0));

describe('explain', () => {
  it.each([CART, 'shop/cart', 'cart'])('tells a workload from source to action, by %s', async (id) => {
    const { title, summary, chain } = await told(id);
    expect([title, summary]).toEqual(['Deployment shop/cart', 'shop/cart is reachable from the Internet.']);
    expect(rises(order(chain))).toBe(true);
    expect(new Set(chain.map(({ step }) => step))).toEqual(new Set(STEPS));
    expect(chain.at(-1)).toMatchObject({ from: 'breakwater fix 1', sentence: 'Narrow the role (-2.0 of the estate).' });
  });

  it('tells a finding with how sure it is, why it matters and what to do', async () => {
    const { chain } = await told(finding.key);
    expect(rises(order(chain))).toBe(true);
    const text = chain.map(({ sentence }) => sentence).join('\n');
    for (const part of ['How sure: exact version', 'It matters here: it is loaded', 'Upgrade left.', 'k8s/cart.yaml:3'])
      expect(text).toContain(part);
  });

  it('tells a vulnerability wherever it is, in any case', async () => {
    const { summary, related } = await told('cve-2024-1');
    expect(summary).toBe('1 finding, 1 of which matter here.');
    expect(related).toEqual([{ id: finding.key, title: CART }]);
  });

  it('tells why the rest is quiet, what is unknown and where, and what a fix does', async () => {
    expect((await told('quiet')).chain).toEqual([{ step: 'decision', sentence: '2: harms availability only' }]);
    expect((await told('unknown')).chain[0]).toMatchObject({ from: 'k8s/cart.yaml:9' });
    expect((await told('fix-1')).title).toBe('Narrow the role');
  });

  it.each(['nothing', '', 'fix-9', '../etc/passwd', '__proto__'])('knows nothing of %j', async (id) => {
    expect(await explain(view, id)).toBeUndefined();
  });

  it('does not choose between workloads of one name', async () => {
    const two = exampleAssessment('2026-01-01T00:00:00Z', ['cart', 'x', 'cart'], []);
    two.workloads[2]!.ranked.id = two.workloads[2]!.workload.id = 'default/other/Deployment/cart';
    two.workloads[2]!.ranked.namespace = 'other';
    expect(await explain(viewAssessment(two), 'cart')).toBeUndefined();
    expect((await explain(viewAssessment(two), 'other/cart'))?.id).toBe('default/other/Deployment/cart');
  });
});
