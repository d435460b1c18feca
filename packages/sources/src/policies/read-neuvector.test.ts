import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPolicies } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-neuvector-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, text: string): ReturnType<typeof readPolicies> {
  writeFileSync(join(folder, name), text);
  return readPolicies([join(folder, name)]);
}

describe('readPolicies', () => {
  it('reads rules as NeuVector exports them, which say nowhere what they are', () => {
    const criteria = [{ name: 'shareIpcWithHost', op: '=', path: 'shareIpcWithHost', value: 'true' }];
    const { foreign, unknowns } = read(
      'rules.json',
      JSON.stringify({
        rules: [{ id: 1000, rule_type: 'deny', containers: ['containers'], disable: false, criteria }],
      }),
    );
    expect(unknowns).toEqual([]);
    expect(foreign).toMatchObject([
      { language: 'neuvector-rules', document: { rules: [{ id: 1000, allows: false, containers: ['containers'] }] } },
    ]);
  });

  it('reads them from custom resources, beside policies of others', () => {
    const { foreign, unknowns } = read(
      'rules.yaml',
      `apiVersion: neuvector.com/v1
kind: NvAdmissionControlSecurityRule
metadata: { name: local }
spec:
  config: { enable: true, mode: monitor }
  rules:
    - { action: allow, criteria: [{ name: namespace, op: containsAny, value: kube-system }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: beside }
`,
    );
    expect(unknowns).toEqual([]);
    expect(foreign).toMatchObject([
      { language: 'neuvector-rules', document: { mode: 'monitor', rules: [{ allows: true, id: 1000 }] } },
      { language: 'object' },
    ]);
  });

  it('tells which field of a rule is at fault', () => {
    const { foreign, unknowns } = read('bad.json', '{"rules":[{"id":"one","criteria":[{"name":7}]}]}');
    expect(foreign).toEqual([]);
    expect(unknowns.map(({ place }) => place.pointer?.join('.'))).toEqual(['rules.0.criteria.0.name', 'rules.0.id']);
  });

  it('takes no list of other rules for theirs', () => {
    expect(read('other.json', '{"rules":[{"alert":"x"}]}').foreign).toEqual([]);
  });
});
