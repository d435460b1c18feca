import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectForeignPolicies, locateFaults, readPolicies } from './index.ts';

const BINDING = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: b }
spec: { policyName: p, validationActions: [Deny], matchResources: null }
`;
const RULES = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: r }
spec:
  unheardOf: 1
  rules:
    - name: a
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate:
        foreach:
          - list: request.object.spec.containers
            foreach: [{ list: element.ports, pattern: { "=(a)": 1 } }]
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-foreign-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string): ReturnType<typeof readPolicies> {
  const path = join(folder, 'policies.yaml');
  writeFileSync(path, text);
  return readPolicies([path]);
}

describe('policies in the languages of others', () => {
  it('are read beside ours, with what stands beside them, from streams and lists', () => {
    const list = `apiVersion: v1
kind: List
items:
  - apiVersion: policies.kyverno.io/v1
    kind: ValidatingPolicy
    metadata: { name: v }
    spec: { validations: [{ expression: "true" }] }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }
`;
    const exceptions = ['kyverno.io/v2', 'policies.kyverno.io/v1'].map(
      (apiVersion) => `apiVersion: ${apiVersion}\nkind: PolicyException\nmetadata: { name: e }\nspec: {}\n`,
    );
    const { foreign, unknowns } = read([BINDING, RULES, list, ...exceptions].join('---\n'));
    expect(unknowns).toEqual([]);
    expect(foreign.map(({ language, place }) => [language, place.document, place.pointer])).toEqual([
      ['admission-binding', 0, undefined],
      ['kyverno-rules', 1, undefined],
      ['kyverno-validating', 2, ['items', 0]],
      ['object', 2, ['items', 1]],
      ['kyverno-exception', 3, undefined],
      ['kyverno-cel-exception', 4, undefined],
    ]);
  });

  it('are refused where their schema is broken, with line and column', async () => {
    const { foreign, unknowns } = read(
      `${BINDING.replace('[Deny]', '[Refuse]')}---\n${RULES.replace('name: a', 'name: 1')}`,
    );
    expect(foreign).toEqual([]);
    const located = await locateFaults(unknowns);
    expect(located.map(({ code, place }) => [code, place.line])).toEqual([
      ['policy-invalid', 4],
      ['policy-invalid', 12],
    ]);
  });

  it.each([
    ['policies.kyverno.io/v1', 'ImageValidatingPolicy', 'signatures'],
    ['policies.kyverno.io/v1alpha1', 'MutatingPolicy', 'changes objects'],
    ['kyverno.io/v2', 'ClusterCleanupPolicy', 'deletes objects'],
    ['admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy', 'changes objects'],
    ['templates.gatekeeper.sh/v1', 'ConstraintTemplate', 'Gatekeeper'],
    ['constraints.gatekeeper.sh/v1beta1', 'K8sRequiredLabels', 'Gatekeeper'],
    ['mutations.gatekeeper.sh/v1', 'AssignMetadata', 'changes objects'],
    ['policies.kubewarden.io/v1', 'ClusterAdmissionPolicy', 'a program of its own'],
    ['security.openshift.io/v1', 'SecurityContextConstraints', 'OpenShift'],
  ])('that are not judged are named: %s %s', (apiVersion, kind, does) => {
    const { foreign, unknowns } = read(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n`);
    expect(foreign).toEqual([]);
    expect(unknowns).toMatchObject([
      { code: 'policy-not-judged', message: expect.stringContaining(does), subject: 'x' },
    ]);
  });

  it.each([
    [BINDING, 'judged'],
    [RULES, 'judged'],
    ['apiVersion: apps/v1\nkind: Deployment\nmetadata: { labels: { a: kyverno.io/v1 } }\n', undefined],
    ['apiVersion: kyverno.io/v1\nkind: UpdateRequest\n', undefined],
    ['apiVersion: "policies.kyverno.io/v1"\nkind: \'ValidatingPolicy\'\n', 'judged'],
    ['apiVersion: v1\nkind: List\nitems:\n  - apiVersion: kyverno.io/v1\n    kind: ClusterPolicy\n', 'judged'],
    ['apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sAllowedRepos\n', 'named'],
    ['apiVersion: security.openshift.io/v1\nkind: SecurityContextConstraints\n', 'named'],
    ['apiVersion: security.openshift.io/v1\nkind: RangeAllocation\n', undefined],
  ])('are told from the beginning of a file: %j', (text, expected) => {
    const found = detectForeignPolicies(Buffer.from(text));
    expect(found && ('language' in found ? 'judged' : 'named')).toBe(expected);
  });
});
