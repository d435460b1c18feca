import { compareSeverity, type Finding, type Unknown } from '@breakwater/model';
import { location } from './location.ts';
import { sarifResult } from './result.ts';
import { sarifRules } from './rule.ts';

/** What goes beside the findings. */
export interface SarifOptions {
  toolVersion: string;
  /** What could not be read: each becomes a notification. */
  unknowns?: readonly Unknown[];
}

/** As many results as GitHub shows. The least severe are left out, and that is said. */
const MOST_RESULTS = 5_000;
const MOST_NOTIFICATIONS = 1_000;

/**
 * A SARIF 2.1.0 log of one run. Rules are findings' rules; `partialFingerprints` hold the finding's key, so that a
 * code-scanning service follows a finding across scans. Findings that hold no fault (`pass`) are left out; excepted
 * ones are there as suppressed, unknown ones as `open`.
 */
export function sarif(findings: readonly Finding[], options: SarifOptions): object {
  const { toolVersion, unknowns = [] } = options;
  const all = findings.filter(({ verdict }) => verdict !== 'pass').sort(byRisk);
  const shown = all.slice(0, MOST_RESULTS);
  const rules = sarifRules(shown);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const left = all.length - shown.length;
  const notifications = [
    ...(left > 0 ? [leftOut(left)] : []),
    ...unknowns.slice(0, MOST_NOTIFICATIONS).map(notification),
  ];
  const uncounted = unknowns.length - MOST_NOTIFICATIONS;
  if (uncounted > 0)
    notifications.push(
      message('warning', 'unknowns', `${uncounted} more ${uncounted === 1 ? 'fact' : 'facts'} could not be had.`),
    );
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Breakwater', semanticVersion: toolVersion, rules } },
        automationDetails: { id: 'breakwater/' },
        invocations: [
          {
            executionSuccessful: true,
            ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: shown.map((finding) => sarifResult(finding, indexes.get(finding.rule) ?? 0)),
      },
    ],
  };
}

function byRisk(a: Finding, b: Finding): number {
  const matters = Number(b.matters) - Number(a.matters);
  const severity = compareSeverity(a.severity, b.severity);
  return matters || severity || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function notification(unknown: Unknown): object {
  const hint = unknown.hint ? ` ${unknown.hint}` : '';
  return { ...message('warning', unknown.code, `${unknown.message}${hint}`), locations: [location(unknown.place)] };
}

function leftOut(count: number): object {
  return message('warning', 'results-left-out', `${count} less severe findings are left out of this file.`);
}

function message(level: 'warning', id: string, text: string): object {
  return { level, descriptor: { id }, message: { text } };
}
