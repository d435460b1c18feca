import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DryRunOptions, dryRun } from './dry-run.ts';
import { type Judgement, withJudgement } from './open-judgement.ts';
import { previewExceptions, reviewExceptions } from './review-exceptions.ts';

const NOW = '2026-11-22T12:00:00Z';

const pod = (name: string, namespace: string, extra = ''): string => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}${extra} }
spec: { containers: [{ name: app, image: "registry.example/app:1", securityContext: { privileged: true } }] }
`;

const exception = (name: string, policies: string, scope: string, expires: string): string => `---
apiVersion: breakwater/v1
kind: Exception
metadata: { name: ${name} }
spec: { policies: [${policies}], scope: ${scope}, owner: o, reason: r, expires: ${expires}, compensating: c }
`;

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-judgement-'));
  mkdirSync(at('repository/.git'), { recursive: true });
  mkdirSync(at('repository/owned'));
  writeFileSync(at('repository/CODEOWNERS'), 'owned/ @owners\n');
  writeFileSync(at('repository/owned/pods.yaml'), pod('by-file', 'loose'));
  writeFileSync(
    at('repository/pods.yaml'),
    `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
${pod('by-label', 'shop', ', labels: { team: own }')}${pod('by-namespace', 'shop')}${pod('by-annotation', 'loose', ', annotations: { squad: noted }')}${pod('by-nobody', 'loose')}`,
  );
  writeFileSync(
    at('exceptions.yaml'),
    exception('ending', 'no-privileged-containers', '{ workloads: [by-label] }', '2026-12-01') +
      exception('same', 'no-privileged-containers', '{ workloads: ["by-l*"] }', '2027-12-01') +
      exception('idle', 'no-privileged-containers', '{ workloads: [gone] }', '2027-12-01') +
      exception('over', 'no-privileged-containers', '{ workloads: [by-nobody] }', '2026-11-21') +
      exception('last-day', 'no-privileged-containers', '{ workloads: [by-file] }', '2026-11-22'),
  );
  writeFileSync(
    at('proposed.yaml'),
    exception('wide', 'no-privileged-containers', '{ namespaces: [loose] }', '2027-12-01'),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

const judge = <T>(use: (judgement: Judgement) => T, policies: string[] = []): Promise<T> =>
  withJudgement([at('repository')], { state: at('state'), now: NOW, policies }, use);

describe('dryRun', () => {
  const refusals = async (options: Partial<DryRunOptions> = {}, policies: string[] = []): Promise<unknown> => {
    const { teams } = await judge(
      (judgement) => dryRun(judgement, { phase: 'build', raise: [], ...options }),
      policies,
    );
    return teams.map(({ name, from, refused }) => [name, from, refused]);
  };

  it('counts what would be refused by team: by label, namespace, owner of the file', async () => {
    expect(await refusals()).toEqual([
      ['namespace loose', 'namespace', 2],
      ['@owners', 'code-owners', 1],
      ['own', 'label', 1],
      ['shop', 'namespace-label', 1],
    ]);
    expect(await refusals({ teamLabels: ['squad'] })).toEqual([
      ['namespace shop', 'namespace', 2],
      ['@owners', 'code-owners', 1],
      ['namespace loose', 'namespace', 1],
      ['noted', 'label', 1],
    ]);
  });

  it('counts what a controller made for the team of that, where it does not say itself whose it is', async () => {
    const { teams } = await judge((judgement) => {
      const makersOf: Judgement['makersOf'] = ({ name }) =>
        name === 'by-namespace' ? [{ kind: 'Pod', name: 'by-label' }] : undefined;
      return dryRun({ ...judgement, makersOf }, { phase: 'build', raise: [] });
    });
    expect(teams.find(({ name }) => name === 'own')?.refused).toBe(2);
    expect(teams.find(({ name }) => name === 'shop')).toBeUndefined();
  });

  it('shows what would be refused if one policy blocked, and only that', async () => {
    const tried = await judge((judgement) => dryRun(judgement, { phase: 'deploy', raise: ['resource-limits'] }));
    expect(tried.raised).toEqual(['resource-limits']);
    expect(
      tried.teams.flatMap(({ policies }) => policies.map(({ policy, enforcement }) => [policy, enforcement])),
    ).toEqual(tried.teams.map(() => ['resource-limits', 'block']));
    expect(tried.teams.reduce((sum, { refused }) => sum + refused, 0)).toBe(5);
    await expect(judge((judgement) => dryRun(judgement, { phase: 'deploy', raise: ['none'] }))).rejects.toMatchObject({
      code: 'policy-unknown',
    });
  });

  it('refuses nothing that an exception covers', async () => {
    const teams = (await refusals({}, [at('exceptions.yaml')])) as [string, string, number][];
    expect(Object.fromEntries(teams.map(([name, , refused]) => [name, refused]))).toEqual({
      'namespace loose': 2,
      '@owners': 0,
      own: 0,
      shop: 1,
    });
  });
});

describe('reviewExceptions', () => {
  it('tells which are over, which end soon, and which do nothing', async () => {
    const { exceptions, unknowns } = await judge(
      (judgement) => reviewExceptions(judgement, 30, true),
      [at('exceptions.yaml')],
    );
    expect(unknowns.filter(({ code }) => code.startsWith('exception'))).toEqual([]);
    const told = exceptions.map(({ exception: { metadata }, state, days, covers }) => [
      metadata.name,
      state,
      days,
      new Set(covers?.map(({ subject }) => subject)).size,
    ]);
    expect(told).toEqual([
      ['ending', 'ends-soon', 10, 1],
      ['same', 'covered-by-another', 375, 1],
      ['idle', 'covers-nothing', 375, 0],
      ['over', 'ended', 0, 1],
      ['last-day', 'ends-soon', 1, 1],
    ]);
  });

  it('without targets says nothing of what they cover', async () => {
    const { exceptions } = await judge((judgement) => reviewExceptions(judgement, 5, false), [at('exceptions.yaml')]);
    expect(exceptions.map(({ state, covers }) => [state, covers])).toEqual([
      ['in-force', undefined],
      ['in-force', undefined],
      ['in-force', undefined],
      ['ended', undefined],
      ['ends-soon', undefined],
    ]);
  });
});

describe('previewExceptions', () => {
  it('shows what would be silenced that counts today, in every phase', async () => {
    const { readPolicies } = await import('@breakwater/sources/policies');
    const { exceptions } = readPolicies([at('proposed.yaml')]);
    const { silenced, idle } = await judge(
      (judgement) => previewExceptions(judgement, exceptions),
      [at('exceptions.yaml')],
    );
    expect(idle).toEqual([]);
    expect([...new Set(silenced.map(({ subject }) => subject))].sort()).toEqual([
      'default/loose/Pod/by-annotation',
      'default/loose/Pod/by-nobody',
    ]);
    expect([...new Set(silenced.map(({ phase }) => phase))]).toEqual(['build', 'deploy', 'run']);
  });
});
