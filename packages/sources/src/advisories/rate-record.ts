import { type Severity, severityOfScore } from '@breakwater/model';
import cvss from 'ae-cvss-calculator';
import type { OsvRecord } from './osv-record.ts';

/** How bad a record says its flaw is. */
export interface RecordRating {
  severity: Severity;
  cvss?: string;
  /** Base score, 0 to 10. */
  score?: number;
}

const WORDS: Record<string, Severity> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  minor: 'low',
  negligible: 'low',
  unimportant: 'low',
};

/**
 * The newest CVSS version of a record decides; without a vector a score that the source states, then its words. Of
 * several vectors of one version the worst counts.
 */
export function rateRecord(record: OsvRecord): RecordRating {
  const entries = [...(record.severity ?? []), ...(record.affected ?? []).flatMap((entry) => entry.severity ?? [])];
  const vectors = [...new Set(entries.filter(({ type }) => type.startsWith('CVSS_')).map(({ score }) => score))];
  const scored = vectors.flatMap((vector) => {
    const score = scoreVector(vector);
    return score === undefined ? [] : [{ cvss: vector, score }];
  });
  scored.sort((a, b) => cvssGeneration(b.cvss) - cvssGeneration(a.cvss) || b.score - a.score);
  const [best] = scored;
  if (best !== undefined) return { severity: severityOfScore(best.score), ...best };
  return rateByWords(record, entries);
}

/** Base score of a CVSS vector of version 2, 3.0, 3.1 or 4.0; undefined when it is none. The one use of the library. */
export function scoreVector(vector: string): number | undefined {
  if (vector.length > 500 || !/^(?:CVSS:(?:2\.0|3\.[01]|4\.0)\/)?A[VC]:/.test(vector)) return undefined;
  try {
    const scores = cvss.fromVector(vector)?.calculateScores() as { base?: number } | undefined;
    const base = scores?.base;
    return base !== undefined && base >= 0 && base <= 10 ? base : undefined;
  } catch {
    return undefined;
  }
}

function cvssGeneration(vector: string): number {
  const match = /^CVSS:([0-9.]+)/.exec(vector);
  return match === null ? 2 : Number(match[1]);
}

function rateByWords(record: OsvRecord, entries: { type: string; score: string }[]): RecordRating {
  const stated = record.database_specific;
  for (const number of [stated?.cvss_v4, stated?.cvss_v3, stated?.cvss_score, stated?.cvss_v2]) {
    const score = typeof number === 'number' || /^[0-9.]+$/.test(number ?? '') ? Number(number) : Number.NaN;
    if (score >= 0 && score <= 10) return { severity: severityOfScore(score), score };
  }
  const phrases = [
    stated?.severity,
    ...entries.filter(({ type }) => !type.startsWith('CVSS_')).map(({ score }) => score),
    ...(record.affected ?? []).map((entry) => entry.ecosystem_specific?.severity ?? entry.ecosystem_specific?.urgency),
    /^([A-Za-z]+): /.exec(record.summary ?? '')?.[1],
  ];
  for (const phrase of phrases) {
    const word = String(phrase ?? '').toLowerCase();
    const severity = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (severity !== undefined) return { severity };
  }
  return { severity: 'unknown' };
}
