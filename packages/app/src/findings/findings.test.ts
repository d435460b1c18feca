import type { PolicyResult, VulnerabilityMatch } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { matchImage } from '../estate/match-image.ts';
import { exampleComponent, exampleImage, exampleLookup, exampleRow } from '../testing/example-image.ts';
import { policyFindings } from './policy-findings.ts';
import { runtimeFindings } from './runtime-findings.ts';
import { vulnerabilityFindings } from './vulnerability-findings.ts';

const lookup = exampleLookup([exampleRow('CVE-2024-1', 'left', '9.0.0')], ['CVE-2024-1']);
const CART = 'default/shop/Deployment/cart';

function findingsOf(
  components: ReturnType<typeof exampleComponent>[],
  workload?: string,
  change = {},
  results: PolicyResult[] = [],
) {
  const image = exampleImage(components, change);
  const { matches } = matchImage(image, lookup);
  const relevance = () => ({ matters: false, why: 'because' });
  return vulnerabilityFindings({ image, matches, evidence: new Map(), results }, relevance, workload);
}

describe('vulnerabilityFindings', () => {
  it('keeps its key when an upgrade does not help and when the image is built anew', () => {
    const [before] = findingsOf([exampleComponent('left', '1.0.0')], CART);
    const [after] = findingsOf([exampleComponent('left', '2.0.0')], CART, { id: 'sha256:feed', target: 'new.tar' });
    expect(after?.key).toBe(before?.key);
    expect(after?.version).toBe('2.0.0');
  });

  it('keeps copies of one package apart by their paths', () => {
    const keys = findingsOf(
      [exampleComponent('left', '1.0.0', '/a/package.json'), exampleComponent('left', '1.0.0', '/b/package.json')],
      CART,
    ).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toContain('#/a/package.json');
  });

  it('tells workloads apart, and stands on the image where none runs it', () => {
    const components = [exampleComponent('left', '1.0.0')];
    const keys = [CART, 'default/shop/Deployment/web', undefined].map(
      (subject) => findingsOf(components, subject)[0]?.key,
    );
    expect(new Set(keys).size).toBe(3);
    expect(findingsOf(components)[0]).toMatchObject({
      subject: 'sha256:0123456789abcdef',
      image: 'sha256:0123456789abcdef',
    });
  });

  it('says what attackers do with it, and what could not be judged', () => {
    const unknowns = [{ code: 'x', message: 'm', place: { source: 'shop.tar' } }];
    expect(findingsOf([exampleComponent('left', '1.0.0')], CART, { unknowns })[0]).toMatchObject({
      enforcement: 'audit',
      fixedVersion: '9.0.0',
      notChecked: '1 parts of the image could not be judged',
      message: 'left 1.0.0 in shop.tar has CVE-2024-1, known exploited since 2025-01-01.',
    });
  });

  it('advises to take a newer base image where that brought the component', () => {
    const image = exampleImage([exampleComponent('left', '1.0.0')]);
    const [match] = matchImage(image, lookup).matches;
    const fixOf = (origin: Partial<VulnerabilityMatch>) =>
      vulnerabilityFindings({ image, matches: [{ ...match!, ...origin }], evidence: new Map(), results: [] }, () => ({
        matters: false,
        why: 'because',
      }))[0]?.fix;
    expect(fixOf({ origin: { layer: 1, fromBase: true, baseName: 'debian:12' } })).toBe(
      'The base image debian:12 brings it: rebuild on one that has left 9.0.0, or upgrade it in a step of your own.',
    );
    expect(fixOf({ origin: { layer: 1, fromBase: true } })).toMatch(/^The base image brings it: /);
    for (const origin of [{ origin: { layer: 3, fromBase: false } }, { origin: { layer: 1 } }, {}])
      expect(fixOf(origin)).toBe('Upgrade left to 9.0.0 and rebuild the image.');
  });

  it('is enforced as the strictest policy on it says, with the exception that covers it', () => {
    const result = { verdict: 'fail', element: 'CVE-2024-1 in left 1.0.0' } as PolicyResult;
    const results: PolicyResult[] = [
      { ...result, enforcement: 'block', exception: 'until-june' },
      { ...result, enforcement: 'warn' },
    ];
    expect(findingsOf([exampleComponent('left', '1.0.0')], CART, {}, results)[0]).toMatchObject({
      enforcement: 'block',
      exception: 'until-june',
    });
  });
});

describe('policyFindings', () => {
  const result = {
    policy: 'no-root',
    title: 'No root',
    severity: 'high' as const,
    subject: CART,
    phase: 'deploy' as const,
    verdict: 'fail' as const,
    enforcement: 'warn' as const,
    message: 'it is root',
    fix: 'f',
    missing: [],
  };
  const find = (change: object) =>
    policyFindings(
      [{ ...result, ...change }],
      { workloads: new Set([CART]), images: new Set(['sha256:a']) },
      () => 'why',
    );

  it('stands on a workload, an image, or neither: a role is no image', () => {
    const of = (subject: string) => find({ subject })[0];
    expect(of(CART)).toMatchObject({ workload: CART });
    expect(of('sha256:a')).toMatchObject({ image: 'sha256:a' });
    expect([of('default//ClusterRole/x')?.workload, of('default//ClusterRole/x')?.image]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('leaves nothing of what passed', () => {
    expect(find({ verdict: 'pass' })).toEqual([]);
  });

  it('tells containers of one workload apart', () => {
    expect(find({ element: 'a' })[0]?.key).not.toBe(find({ element: 'b' })[0]?.key);
  });

  it('matters when it fails badly without an exception, and not when it is only not decided', () => {
    const matters = [
      {},
      { severity: 'low' },
      { exception: 'runner' },
      { verdict: 'unknown', missing: ['exposure'] },
    ].map((change) => find(change)[0]?.matters);
    expect(matters).toEqual([true, false, false, false]);
  });

  it('has no severity while it is not decided', () => {
    expect(find({ verdict: 'unknown', missing: ['exposure'] })[0]).toMatchObject({
      severity: 'unknown',
      notChecked: 'exposure',
    });
  });
});

describe('runtimeFindings', () => {
  const alert = {
    source: 'falco' as const,
    rule: 'Shell in a container',
    severity: 'high' as const,
    priority: 'Warning',
    message: 'sh ran',
    count: 2,
    time: '2026-01-01T00:00:00Z',
  };

  it('stands on the workload that it could be tied to, else on the pod', () => {
    const [tied, loose] = runtimeFindings([
      { ...alert, workload: CART },
      { ...alert, pod: { namespace: 'shop', name: 'p' } },
    ] as never);
    expect([tied?.workload, loose?.workload, loose?.subject]).toEqual([CART, undefined, 'pod shop/p']);
    expect(tied?.why).toContain('2 times');
  });
});
