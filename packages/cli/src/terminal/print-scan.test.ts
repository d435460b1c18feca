import { stripVTControlCharacters } from 'node:util';
import {
  Image,
  type PolicyResult,
  type ScannedTarget,
  type ScanReport,
  type Unknown,
  type VulnerabilityMatch,
} from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { scanLines } from './print-scan.ts';

const status = { imported: true, advisories: 1, rows: 1, rejected: 0, ecosystems: [] };
const unknown: Unknown = {
  code: 'x',
  message: 'the layer is cut off',
  place: { source: 'a.tar' },
  hint: 'Pull it again.',
};

const policy: PolicyResult = {
  policy: 'no-privileged-containers',
  title: 't',
  severity: 'critical',
  subject: 's',
  phase: 'build',
  verdict: 'fail',
  enforcement: 'block',
  message: 'container a is privileged',
  fix: 'Remove securityContext.privileged.',
  place: { source: 'k8s/a.yaml', line: 3, column: 7 },
  missing: [],
};

const manifests = (...policies: PolicyResult[]): ScannedTarget => ({
  target: 'k8s/a.yaml',
  kind: 'manifests',
  verdict: 'fail',
  items: 1,
  vulnerabilities: [],
  policies,
  unknowns: [],
});

function text(change: Partial<ScanReport>, options = { all: false }, width = 100): string {
  const report: ScanReport = {
    schemaVersion: 1,
    time: '',
    verdict: 'pass',
    targets: [],
    unknowns: [],
    advisories: status,
    ...change,
  };
  return [...scanLines(report, options, width)].map(stripVTControlCharacters).join('\n');
}

describe('scanLines', () => {
  it('names what refuses with its line and column, and what to do', () => {
    const shown = text({ verdict: 'fail', targets: [manifests(policy)] });
    expect(shown).toContain('block  no-privileged-containers  container a is privileged (k8s/a.yaml:3:7)');
    expect(shown).toContain('fail: 1 thing that the build gate refuses. Remove securityContext.privileged.');
  });

  it('counts what is only for the record, and shows it when asked', () => {
    const audit = { ...policy, policy: 'no-latest-tag', enforcement: 'audit' as const };
    expect(text({ targets: [manifests(policy, audit)] })).toContain('1 more for the record');
    expect(text({ targets: [manifests(policy, audit)] }, { all: true })).toContain('audit  no-latest-tag');
  });

  it('tells the same warning once with its count, and no more of them than a screen holds', () => {
    const warnings = Array.from({ length: 40 }, (_, index) => ({
      ...policy,
      enforcement: 'warn' as const,
      message: `a has CVE-${index % 20}`,
    }));
    const shown = text({ targets: [manifests(policy, ...warnings)] });
    expect(shown).toContain('a has CVE-0 (k8s/a.yaml:3:7) (2 times)');
    expect(shown).toContain('and 5 more warnings (--all shows them)');
    expect(shown.split('\n').filter((line) => line.includes('warn  '))).toHaveLength(15);
    const all = text({ targets: [manifests(policy, ...warnings)] }, { all: true });
    expect(all.split('\n').filter((line) => line.includes('warn  '))).toHaveLength(20);
  });

  it('tells images of one index apart by their platforms', () => {
    const image = (architecture: string) =>
      ({ platform: { os: 'linux', architecture } }) as Partial<Image> as NonNullable<ScannedTarget['image']>;
    const of = (architecture: string): ScannedTarget => ({ ...manifests(), kind: 'image', image: image(architecture) });
    const shown = text({ targets: [of('amd64'), of('arm64')] });
    expect(shown).toContain('linux/amd64, 1 component');
    expect(shown).toContain('linux/arm64, 1 component');
    expect(text({ targets: [of('amd64')] })).not.toContain('linux/amd64');
  });

  it('does not count an exception among what refuses', () => {
    const shown = text({ verdict: 'fail', targets: [manifests(policy, { ...policy, exception: 'runner' })] });
    expect(shown).toMatch(/excepted .*, by runner/);
    expect(shown).toContain('fail: 1 thing');
  });

  it('says where an image was taken from, what it was built on and what of it that brought', () => {
    const about = Image.omit({ components: true, unknowns: true }).parse({
      id: 'sha256:a',
      source: 'podman',
      target: 'shop:1',
      layers: [1, 2, 3].map((n) => ({ diffId: `sha256:${n}`, size: 1 })),
      base: { name: 'debian:12', layers: 2, evidence: 'history', confidence: 'medium' },
    });
    const match = {
      id: 'CVE-1',
      componentName: 'a',
      version: '1',
      severity: 'high',
      exploitation: {},
      confidence: 'high',
    };
    const vulnerabilities = [
      { ...match, origin: { layer: 1, fromBase: true } },
      { ...match, origin: { layer: 3, fromBase: false } },
    ] as VulnerabilityMatch[];
    const target: ScannedTarget = { ...manifests(), kind: 'image', target: 'shop:1', image: about, vulnerabilities };
    const shown = text({ targets: [target] }, { all: false }, 200);
    expect(shown).toContain('  from Podman\n');
    expect(shown).toContain(
      '  base image: debian:12, the lowest 2 of 3 layers (likely: by the order of steps in its history); it brings 1 of 2 vulnerabilities\n',
    );
    const container = {
      id: 'a',
      name: 'web',
      engine: 'docker',
      state: 'running',
      image: { id: 'b' },
      changeCount: 3,
    } as const;
    const running = text({
      targets: [{ ...target, image: { ...about, source: 'container', base: undefined, container } }],
    });
    expect(running).toContain('  container web (running) of b, as it is now: 3 paths changed since\n');
    expect(running).not.toContain('base image');
  });

  it('says why nothing was decided: nothing to judge, no advisories, or what is named above', () => {
    const image: ScannedTarget = { ...manifests(), kind: 'image', verdict: 'unknown', unknowns: [unknown] };
    const undecided = (change: Partial<ScanReport>) =>
      text({ verdict: 'unknown', ...change }, { all: false }, Number.POSITIVE_INFINITY);
    expect(undecided({ unknowns: [unknown] })).toContain('could be judged. Pull it again.');
    expect(undecided({ targets: [image], advisories: { ...status, imported: false } })).toContain(
      'breakwater db update',
    );
    expect(undecided({ targets: [image] })).toContain('See above what could not be known.');
  });

  it('never calls an image clean of which something could not be judged', () => {
    const image: ScannedTarget = { ...manifests(), kind: 'image', verdict: 'unknown', unknowns: [unknown] };
    expect(text({ targets: [image] })).toContain('not everything could be judged');
    expect(text({ targets: [image] })).toContain('not known  the layer is cut off [a.tar]');
  });

  it('keeps to the width', () => {
    const lines = text({ verdict: 'fail', targets: [manifests(policy)], unknowns: [unknown] }, { all: true }, 60).split(
      '\n',
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});
