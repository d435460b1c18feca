import { createHash } from 'node:crypto';
import type { Finding } from '@breakwater/model';
import { location, subjectLocation } from './location.ts';
import { levelOf } from './rule.ts';

/** GitHub reads at most this many locations of a result. */
const MOST_LOCATIONS = 10;

/** A finding as a result: what, where, why it matters here, how to fix it, how sure we are, what was not checked. */
export function sarifResult(finding: Finding, ruleIndex: number): object {
  const { rule, places, subject, key, exception, verdict } = finding;
  const locations = places.slice(0, MOST_LOCATIONS).map(location);
  return {
    ruleId: rule,
    ruleIndex,
    ...(verdict === 'unknown' ? { kind: 'open', level: 'none' } : { kind: 'fail', level: levelOf(finding.severity) }),
    message: { text: sentences(finding) },
    locations: locations.length > 0 ? locations : [subjectLocation(subject)],
    partialFingerprints: { 'breakwaterFindingKey/v1': createHash('sha256').update(key).digest('hex') },
    ...(exception && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: `Exception ${exception}` }],
    }),
    properties: propertiesOf(finding),
  };
}

function sentences({ message, why, fix, confidence, notChecked }: Finding): string {
  const parts = [message, why, fix && `Fix: ${fix}`, confidence && `Confidence: ${confidence}`];
  return [...parts, notChecked && `Not checked: ${notChecked}`]
    .filter((part) => part)
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

function propertiesOf({
  key,
  kind,
  phase,
  subject,
  component,
  version,
  fixedVersion,
  evidence,
  matters,
}: Finding): object {
  return {
    key,
    kind,
    phase,
    subject,
    matters,
    ...(component && { component }),
    ...(version && { version }),
    ...(fixedVersion && { fixedVersion }),
    ...(evidence && { evidence: evidence.state, evidenceReason: evidence.reason }),
  };
}
