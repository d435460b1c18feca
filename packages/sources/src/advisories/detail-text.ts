import type { Severity } from '@breakwater/model';
import type { RowDetail } from './row-text.ts';

/** What the index keeps of an advisory apart from its rows. */
export interface AdvisoryDetail extends RowDetail {
  published?: string;
  /** Page to read. */
  url?: string;
}

const FIELD_END = '\u001f';

/** One text an advisory: a row of many columns takes longer to read than to find. `source` is the number of its name. */
export function encodeDetail(detail: Omit<AdvisoryDetail, 'source'>, source: number): string {
  const { modified, severity, cvss, score, published, url, summary } = detail;
  return [source, modified, severity, cvss, score, published, url, summary].map((field) => field ?? '').join(FIELD_END);
}

/** The inverse of `encodeDetail`. */
export function decodeDetail(text: string, sources: ReadonlyMap<number, string>): AdvisoryDetail {
  const [source, modified, severity, cvss, score, published, url, summary = ''] = text.split(FIELD_END);
  return {
    source: sources.get(Number(source)) ?? '',
    severity: severity as Severity,
    summary,
    ...(modified && { modified }),
    ...(cvss && { cvss }),
    ...(score && { score: Number(score) }),
    ...(published && { published }),
    ...(url && { url }),
  };
}
