import { spawnSync } from 'node:child_process';
import { DEFAULT_SETTINGS, openAdmissionFrom, webhookConfiguration } from '@breakwater/app/admission';
import type { JsonObject } from '@breakwater/model';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  CHART,
  chartSchema,
  chartValues,
  failuresOf,
  HELM,
  hasHelm,
  renderChart,
  validateValues,
  withHelm,
} from './chart.ts';

describe('the schema of the chart', () => {
  const values = chartValues();

  it('takes the values that the chart brings, and describes every one of them', () => {
    expect(validateValues(values), JSON.stringify(validateValues.errors)).toBe(true);
    const described = Object.keys(chartSchema.properties);
    expect(Object.keys(values).filter((name) => !described.includes(name))).toEqual([]);
  });

  it.each([
    ['a failure policy that there is not', { failure: 'maybe' }],
    ['no replicas', { replicas: 0 }],
    ['an enforcement that there is not', { enforcement: { 'no-privileged-containers': 'deny' } }],
    ['a file of policies that is no YAML', { policies: { 'policy.txt': 'text' } }],
    ['a console that is no address', { console: 'breakwater.example' }],
    ['a value that is misspelled', { replica: 3 }],
    ['resources without limits', { resources: { requests: { cpu: '1' } } }],
    ['a digest that is none', { image: { repository: 'breakwater', digest: 'latest' } }],
  ])('refuses %s', (_, change) => {
    expect(validateValues({ ...values, ...change })).toBe(false);
  });
});

describe.skipIf(!hasHelm)(withHelm('the chart'), () => {
  let objects: JsonObject[];
  const find = (kind: string, name = 'breakwater') =>
    // biome-ignore lint/suspicious/noExplicitAny: it looks into objects of many kinds
    objects.find((object: any) => object.kind === kind && object.metadata.name === name) as any;

  beforeAll(() => {
    objects = renderChart();
  });

  it('passes helm lint', () => {
    const { status, stdout } = spawnSync(HELM, ['lint', '--strict', CHART], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
  });

  it('passes our own policies, Pod Security restricted among them', () => {
    const failing = failuresOf(objects).map(
      ({ result: { policy, subject, message } }) => `${subject}: ${policy}: ${message}`,
    );
    // Who reads its own webhook needs its token, and images are named by digest by whoever installs it.
    expect(failing.filter((line) => !/no-default-token|pinned|digest|tag/.test(line))).toEqual([]);
  });

  it('runs two replicas apart from each other, and keeps one while nodes are drained', () => {
    const { spec } = find('Deployment');
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    expect(find('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    expect(find('NetworkPolicy').spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  it('gives rights to single objects only where more is not needed', () => {
    const rules = [...find('ClusterRole').rules, ...find('Role', 'breakwater-certificates').rules] as {
      resources: string[];
      resourceNames?: string[];
      verbs: string[];
    }[];
    for (const { resources, resourceNames, verbs } of rules) {
      const changes = verbs.some((verb) => !['get', 'list', 'watch'].includes(verb));
      if (changes && !resources.includes('subjectaccessreviews')) expect(resourceNames).toHaveLength(1);
      expect([...verbs, ...resources]).not.toContain('*');
    }
  });

  it('registers the webhook as the command does, without what it writes itself', async () => {
    const { basis } = await openAdmissionFrom(undefined, { policies: [] }, '2026-01-01T00:00:00Z');
    const settings = {
      ...DEFAULT_SETTINGS,
      excludedNamespaces: new Set([...DEFAULT_SETTINGS.excludedNamespaces, 'security']),
    };
    const service = { namespace: 'security', name: 'breakwater', path: '/admit', port: 443 };
    const [made] = webhookConfiguration('breakwater', basis, settings, { service }).webhooks as [JsonObject];
    const [own] = find('ValidatingWebhookConfiguration').webhooks;
    for (const field of Object.keys(made)) {
      if (field !== 'rules' && field !== 'matchConditions') expect([field, own[field]]).toEqual([field, made[field]]);
    }
    // What is not there is left as it is by an upgrade.
    expect([own.rules, own.clientConfig.caBundle]).toEqual([undefined, undefined]);
    const conditions = made['matchConditions'] as { name: string }[];
    expect(own.matchConditions).toEqual(conditions.filter(({ name }) => name !== 'not-noise'));
  });

  it('serves with certificates of others, and what else is asked for', () => {
    const given = renderChart(
      'certificates.secretName=tls',
      'clients.authorityConfigMap=clients',
      'snapshotVolume.configMap.name=snapshot',
      'failure=fail',
      'replicas=1',
    );
    const text = JSON.stringify(given);
    expect(text).toContain('--tls-certificate=/etc/breakwater/tls/tls.crt');
    expect(text).toContain('--client-authority=/etc/breakwater/clients/ca.crt');
    expect(text).toContain('--snapshot=/etc/breakwater/snapshot/snapshot.json');
    expect(text).toContain('"failurePolicy":"Fail"');
    expect(text).not.toContain('certificate-secret');
    expect(given.map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
  });
});
