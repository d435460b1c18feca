import { stripVTControlCharacters } from 'node:util';
import type { ScannedReport } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { describeReport } from './describe-report.ts';

type Told = ScannedReport['findings'][number];

const secret = (fields: Partial<Told> = {}): Told => ({
  kind: 'secret',
  id: 'aws-key',
  aliases: [],
  weaknesses: [],
  severity: 'high',
  title: 'AWS key',
  description: '',
  status: 'open',
  file: 'a.tf',
  line: 3,
  fixedVersions: [],
  references: [],
  occurrences: 1,
  foundHere: false,
  place: { source: 'leaks.json' },
  ...fields,
});
const report = (findings: Told[], fields: Partial<ScannedReport> = {}): ScannedReport => ({
  source: 'leaks.json',
  importer: 'gitleaks',
  tool: 'Gitleaks',
  findings,
  joined: 0,
  ...fields,
});
const shown = (read: ScannedReport, all = false) =>
  describeReport(read, all, 100).map((line) => stripVTControlCharacters(line));

describe('a report in the table', () => {
  it('says who reports how much of what', () => {
    const lines = shown(
      report([secret(), secret(), secret({ status: 'false-positive' })], { toolVersion: '8', joined: 1 }),
    );
    expect(lines[1]).toBe('  reported by Gitleaks 8: 2 secrets; 1 found here too; 1 that it calls settled');
    expect(lines[2]).toBe('  aws-key  a.tf:3    high  AWS key');
  });

  it('lists what we found too only where it is ours', () => {
    const lines = shown(report([secret({ foundHere: true }), secret({ id: 'alone' })], { joined: 1 }));
    expect(lines.join('\n')).not.toContain('aws-key');
    expect(lines.join('\n')).toContain('alone');
  });

  it('shows the worst ten, and all when asked', () => {
    const findings = [...Array(12).fill(0)].map((_, index) =>
      secret({ id: `r${index}`, severity: index === 11 ? 'critical' : 'low' }),
    );
    expect(shown(report(findings))[2]).toContain('r11');
    expect(shown(report(findings)).join('\n')).toContain('and 2 more (--all shows them)');
    expect(shown(report(findings), true).filter((line) => /^ {2}r\d/.test(line))).toHaveLength(12);
  });

  it('writes no control characters of a stranger', () => {
    const esc = String.fromCharCode(27);
    expect(describeReport(report([secret({ title: `x${esc}]0;owned` })]), false, 100)[2]).not.toContain(`${esc}]`);
  });

  it('has none where nothing could be read: the unknown says why', () => {
    expect(shown(report([], { importer: '' }))).toEqual([]);
  });
});
