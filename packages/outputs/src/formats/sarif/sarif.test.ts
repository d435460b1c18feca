import type { Finding, Unknown } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { sarif } from './sarif.ts';

function finding(rule: string, more: Partial<Finding> = {}): Finding {
  return {
    key: `default/shop/Deployment/cart|${rule}|`,
    kind: 'policy',
    phase: 'deploy',
    rule,
    title: `Rule ${rule}`,
    severity: 'high',
    subject: 'default/shop/Deployment/cart',
    message: 'Container main is privileged',
    why: 'it is reachable from the Internet',
    fix: 'Remove privileged.',
    confidence: 'the manifest says so',
    notChecked: '',
    verdict: 'fail',
    enforcement: 'block',
    matters: true,
    places: [{ source: 'k8s/cart.yaml', line: 12, column: 5 }],
    ...more,
  };
}

interface Run {
  tool: { driver: { rules: { id: string; properties: object }[] } };
  results: Result[];
  invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
}
interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  partialFingerprints: object;
  suppressions?: object[];
  locations: { physicalLocation: { artifactLocation: object }; logicalLocations?: object[] }[];
}

function run(findings: Finding[], more: object = {}): Run {
  const log = sarif(findings, { toolVersion: '0.1.0', ...more }) as { version: string; runs: Run[] };
  expect(log.version).toBe('2.1.0');
  return log.runs[0]!;
}

describe('a SARIF log', () => {
  it('has a result for each finding with its place, its sentences and a fingerprint that stays', () => {
    const { results, tool } = run([finding('no-privileged')]);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      ruleId: 'no-privileged',
      ruleIndex: 0,
      kind: 'fail',
      level: 'error',
      message: {
        text: 'Container main is privileged. it is reachable from the Internet. Fix: Remove privileged. Confidence: the manifest says so.',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'k8s/cart.yaml' },
            region: { startLine: 12, startColumn: 5 },
          },
        },
      ],
    });
    const again = run([finding('no-privileged', { message: 'other words', places: [], severity: 'low' })]).results[0];
    expect(again?.partialFingerprints).toEqual(results[0]!.partialFingerprints);
    expect(tool.driver.rules[0]).toMatchObject({ id: 'no-privileged', properties: { 'security-severity': '8.0' } });
  });

  it('orders rules by id, so that they stay the same whatever is found', () => {
    const rules = run([finding('b'), finding('a'), finding('b', { key: 'other' })]).tool.driver.rules;
    expect(rules.map(({ id }) => id)).toEqual(['a', 'b']);
    for (const result of run([finding('b'), finding('a')]).results)
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });

  it.each([
    ['critical', 'error', '9.5'],
    ['high', 'error', '8.0'],
    ['medium', 'warning', '5.5'],
    ['low', 'note', '2.0'],
  ] as const)('says %s as %s', (severity, level, score) => {
    const { results, tool } = run([finding('a', { severity })]);
    expect(results[0]!.level).toBe(level);
    expect(tool.driver.rules[0]?.properties).toMatchObject({ 'security-severity': score });
  });

  it('leaves out what passed, keeps what is unknown as open and what is excepted as suppressed', () => {
    const findings = [
      finding('a', { verdict: 'pass' }),
      finding('b', { verdict: 'unknown' }),
      finding('c', { exception: 'legacy-cart' }),
    ];
    const { results } = run(findings);
    expect(results).toMatchObject([
      { ruleId: 'b', kind: 'open', level: 'none' },
      { ruleId: 'c', suppressions: [{ kind: 'external', justification: 'Exception legacy-cart' }] },
    ]);
    expect(results[0]!.suppressions).toBeUndefined();
  });

  it('keeps the worst where there are too many, and says how many it left out', () => {
    const many = Array.from({ length: 5_040 }, (_, index) =>
      finding(`r${index}`, { key: `k${index}`, severity: index === 5_039 ? 'critical' : 'low' }),
    );
    const { results, invocations } = run(many);
    expect(results).toHaveLength(5_000);
    expect(results[0]!.ruleId).toBe('r5039');
    expect(invocations[0]?.toolExecutionNotifications[0]?.message.text).toContain('40 less severe findings');
  });

  it('tells what could not be read', () => {
    const unknowns: Unknown[] = [
      {
        code: 'archive-truncated',
        message: 'Layer ends early',
        place: { source: 'shop.tar', path: '/a' },
        hint: 'Pull it again.',
      },
    ];
    expect(run([], { unknowns }).invocations[0]?.toolExecutionNotifications).toEqual([
      {
        level: 'warning',
        descriptor: { id: 'archive-truncated' },
        message: { text: 'Layer ends early Pull it again.' },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'shop.tar' } },
            logicalLocations: [{ fullyQualifiedName: 'shop.tar!/a' }],
          },
        ],
      },
    ]);
  });

  it('writes URIs, whatever a file is called', () => {
    const places = [{ source: 'a b/c#d?.yaml' }, { source: '/abs/x.yaml' }, { source: 'c:/x' }];
    const [result] = run([finding('a', { places })]).results;
    expect(result?.locations.map((each) => each.physicalLocation.artifactLocation)).toEqual([
      { uri: 'a%20b/c%23d%3F.yaml' },
      { uri: 'file:///abs/x.yaml' },
      { uri: 'c%3A/x' },
    ]);
  });

  it('places findings without a file at their subject', () => {
    const [result] = run([finding('a', { places: [] })]).results;
    expect(result?.locations[0]?.logicalLocations).toEqual([{ fullyQualifiedName: 'default/shop/Deployment/cart' }]);
  });

  it('does not depend on the order of findings', () => {
    const findings = [finding('a', { key: '1' }), finding('b', { key: '2' }), finding('a', { key: '3' })];
    expect(JSON.stringify(run([...findings].reverse()))).toBe(JSON.stringify(run(findings)));
  });
});
