import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInPoliciesWithCases, locateFaults, readPolicies } from './index.ts';

const POLICY = `# what it is about
apiVersion: breakwater/v1
kind: Policy
metadata: { name: no-root }
spec:
  title: t
  why: w
  fix: f
  severity: high
  phases: [build]
  require:
    - expr: "true"
      message: "'m'"
---
apiVersion: breakwater/v1
kind: Exception
metadata: { name: runner }
spec: { policies: [no-root], scope: { namespaces: [ci] }, owner: team-ci, reason: r, expires: 2027-01-31, compensating: c }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: beside }
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-policies-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readPolicies', () => {
  it('reads policies and exceptions from a stream and passes over other kinds', () => {
    const path = write('good.yaml', POLICY);
    const { policies, exceptions, unknowns } = readPolicies([path]);
    expect(unknowns).toEqual([]);
    expect(policies).toMatchObject([
      { policy: { metadata: { name: 'no-root' } }, place: { source: path, document: 0, line: 2 } },
    ]);
    expect(exceptions).toMatchObject([
      { spec: { expires: '2027-01-31', owner: 'team-ci' }, place: { source: path, document: 1, line: 15 } },
    ]);
  });

  it('reads settings, and names what is wrong with one', () => {
    const setting = `apiVersion: breakwater/v1
kind: Setting
metadata: { name: ours }
spec: { policies: [no-root], enforcement: { deploy: block } }
`;
    const path = write('settings.yaml', `${setting}---\n${setting.replace('block', 'deny')}`);
    const { settings, unknowns } = readPolicies([path]);
    expect(settings).toMatchObject([
      { spec: { enforcement: { deploy: 'block' } }, place: { source: path, document: 0 } },
    ]);
    expect(unknowns).toMatchObject([{ place: { document: 1, pointer: ['spec', 'enforcement', 'deploy'] } }]);
  });

  it('names the field that breaks the schema, for its line and column, and still reads the rest', async () => {
    const path = write(
      'bad.yaml',
      POLICY.replace('severity: high', 'severity: awful').replace('expires: 2027-01-31', 'expires: never'),
    );
    const { policies, exceptions, unknowns } = readPolicies([path]);
    expect([policies, exceptions]).toEqual([[], []]);
    expect((await locateFaults(unknowns)).map(({ code, place }) => [code, place.line, place.column])).toEqual([
      ['policy-invalid', 9, 3],
      ['policy-invalid', 18, 86],
    ]);
  });

  it('says whose field is missing or wrong', () => {
    const path = write('faults.yaml', `${POLICY.replace(', owner: team-ci', '').replace('2027-01-31', '2027-02-30')}`);
    const { exceptions, unknowns } = readPolicies([path]);
    expect(exceptions).toEqual([]);
    expect(unknowns.map(({ message }) => message)).toEqual([
      'exception runner: spec.owner is missing',
      'exception runner: spec.expires is wrong: Invalid ISO date',
    ]);
  });

  it.each([
    [
      'kinds: ["*"]',
      'spec.match.kinds.0 is wrong: name kinds as manifests do (Deployment), or leave it out to match all',
    ],
    ['kinds: []', 'spec.match.kinds is wrong: it would match nothing: leave it out to match all'],
    ['apiGroups: []', 'spec.match.apiGroups is wrong: it would match nothing: leave it out to match all'],
    [
      'namespaces: { include: [] }',
      'spec.match.namespaces.include is wrong: it would match nothing: leave it out to match all',
    ],
  ])('takes no policy that nothing can match, and says what to write instead: %s', (match, fault) => {
    const path = write('nothing.yaml', POLICY.replace('phases: [build]', `phases: [build]\n  match: { ${match} }`));
    const { policies, unknowns } = readPolicies([path]);
    expect(policies).toEqual([]);
    expect(unknowns.map(({ message }) => message)).toEqual([`policy no-root: ${fault}`]);
  });

  it('reports broken YAML, kinds that do not exist and files that cannot be read', () => {
    const paths = [
      write('broken.yaml', 'a: [1, 2\n'),
      write('kind.yaml', 'apiVersion: breakwater/v1\nkind: Polcy\n'),
      join(folder, 'nowhere.yaml'),
      write('large.yaml', `# ${'x'.repeat(1024 * 1024)}\n`),
    ];
    const { unknowns } = readPolicies(paths);
    expect(unknowns.map(({ code, place }) => [code, place.source])).toEqual([
      ['yaml-invalid', paths[0]],
      ['policy-kind-unknown', paths[1]],
      ['policy-unreadable', paths[2]],
      ['policy-unreadable', paths[3]],
    ]);
  });

  it('looks below folders, at YAML only, in order of names', () => {
    const below = join(folder, 'pack');
    mkdirSync(join(below, 'inner'), { recursive: true });
    for (const name of ['b.yml', 'a.yaml', 'inner/c.yaml', 'README.md']) {
      writeFileSync(join(below, name), POLICY.replaceAll('no-root', `p-${name.replace(/\W/g, '-')}`));
    }
    expect(readPolicies([below]).policies.map(({ policy }) => policy.metadata.name)).toEqual([
      'p-a-yaml',
      'p-b-yml',
      'p-inner-c-yaml',
    ]);
  });
});

describe('builtInPoliciesWithCases', () => {
  it('are all readable, and each has cases that pass and cases that fail', () => {
    const { policies, unknowns } = builtInPoliciesWithCases();
    expect(unknowns).toEqual([]);
    expect(policies.length).toBeGreaterThanOrEqual(38);
    for (const { policy } of policies) {
      const verdicts = new Set(policy.spec.cases.map(({ verdict }) => verdict));
      expect([policy.metadata.name, verdicts.has('pass'), verdicts.has('fail')]).toEqual([
        policy.metadata.name,
        true,
        true,
      ]);
    }
  });
});
