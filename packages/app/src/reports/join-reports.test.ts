import type { Image, ReportedFinding, ReportRead, VulnerabilityMatch } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { JudgedImage } from '../estate/judge-image.ts';
import { joinReports } from './join-reports.ts';
import { reportFindings } from './report-findings.ts';

const ID = `sha256:${'a'.repeat(64)}`;
const image: Image = {
  id: ID,
  source: 'docker-archive',
  target: 'cart.tar',
  references: ['shop/cart:1'],
  manifestDigests: [],
  layers: [],
  components: [],
  fileCount: 0,
  unknowns: [],
};
const match: VulnerabilityMatch = {
  id: 'CVE-2024-0001',
  aliases: ['GHSA-2222-3333-4444'],
  advisories: ['GHSA-2222-3333-4444'],
  component: 'c1',
  componentName: 'commons-compress',
  version: '1.14',
  purl: 'pkg:maven/org.apache.commons/commons-compress@1.14',
  severity: 'high',
  exploitation: { ransomware: false },
  summary: '',
  source: 'osv',
  confidence: 'high',
  reason: 'below 1.18',
};
const judged: JudgedImage = { image, matches: [match], evidence: new Map(), results: [] };
const finding = (fields: Partial<ReportedFinding>): ReportedFinding => ({
  kind: 'vulnerability',
  id: 'CVE-2024-0001',
  aliases: [],
  weaknesses: [],
  severity: 'medium',
  title: 'T',
  description: '',
  status: 'open',
  component: { name: 'org.apache.commons:commons-compress', version: '1.14' },
  fixedVersions: ['1.18'],
  references: [],
  occurrences: 1,
  place: { source: 'trivy.json', pointer: ['Results', 0] },
  ...fields,
});
const report = (...findings: ReportedFinding[]): ReportRead => ({
  source: 'trivy.json',
  importer: 'trivy',
  tool: 'Trivy',
  toolVersion: '0.60',
  findings,
  unknowns: [],
});

describe('a report beside an image that we judged', () => {
  it.each<[string, Partial<ReportedFinding>]>([
    ['by its CVE', {}],
    ['by another id of the flaw', { id: 'GHSA-2222-3333-4444' }],
    ['of an image by its reference', { image: { reference: 'docker.io/shop/cart:1' } }],
    ['of an image by its digest', { image: { digest: ID } }],
    ['with a version as others write it', { component: { name: 'commons-compress', version: 'v1.14' } }],
  ])('is a second source of the same finding: %s', (_, fields) => {
    const joined = joinReports([judged], [report(finding(fields))]);
    expect(joined.judged[0]!.matches).toEqual([{ ...match, reportedBy: ['Trivy'] }]);
    expect(joined.reports).toMatchObject([{ joined: 1, own: [] }]);
  });

  it.each<[string, Partial<ReportedFinding>]>([
    ['another flaw', { id: 'CVE-2024-0002' }],
    ['another version', { component: { name: 'commons-compress', version: '1.15' } }],
    ['no version', { component: { name: 'commons-compress' } }],
    ['another image', { image: { reference: 'shop/other:1' } }],
    ['another kind of thing', { kind: 'check' }],
  ])('has findings of its own: %s', (_, fields) => {
    const joined = joinReports([judged], [report(finding(fields))]);
    expect(joined.judged[0]!.matches).toEqual([match]);
    expect(joined.reports[0]!.own).toHaveLength(1);
  });

  it('removes nothing, whatever it calls a finding', () => {
    const joined = joinReports([judged], [report(finding({ status: 'false-positive' }))]);
    expect(joined.judged[0]!.matches).toHaveLength(1);
  });
});

describe('what only a report knows', () => {
  it('is a finding for the record on the image that it is about', () => {
    const { reports } = joinReports([judged], [report(finding({ id: 'CVE-2024-0009', image: { digest: ID } }))]);
    expect(reportFindings(reports)).toMatchObject([
      {
        kind: 'report',
        rule: 'CVE-2024-0009',
        subject: ID,
        image: ID,
        component: 'org.apache.commons:commons-compress',
        fixedVersion: '1.18',
        verdict: 'fail',
        enforcement: 'audit',
        matters: false,
        confidence: 'As Trivy 0.60 reports it in trivy.json',
      },
    ]);
  });

  it('is on the workload that owns what it names', () => {
    const object = { namespace: 'shop', kind: 'ReplicaSet', name: 'cart-965685897' };
    const workload = {
      id: 'default/shop/Deployment/cart',
      cluster: 'default',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'cart',
    };
    const { reports } = joinReports([], [report(finding({ kind: 'check', object }))]);
    expect(reportFindings(reports, [workload as never])[0]).toMatchObject({
      workload: workload.id,
      subject: workload.id,
    });
  });

  it('is none where its tool calls it settled, and one where it tells it twice', () => {
    const { reports } = joinReports(
      [],
      [report(finding({ status: 'risk-accepted', id: 'X-1' }), finding({}), finding({}))],
    );
    expect(reportFindings(reports)).toHaveLength(1);
  });
});
