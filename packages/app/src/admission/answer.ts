import type { PolicyResult } from '@breakwater/model';
import type { AdmissionRequest } from './admission-request.ts';
import type { BreakGlass } from './break-glass.ts';
import type { Rungs } from './ladder.ts';
import type { AdmissionSettings } from './settings.ts';

/** `response` of an AdmissionReview. */
export interface AdmissionResponse {
  uid: string;
  allowed: boolean;
  status?: { status: 'Failure'; code: number; reason: string; message: string };
  warnings?: string[];
  auditAnnotations?: Record<string, string>;
}

/** Longest sentence of a denial or a warning; with its link where that leaves enough room for words. */
export const LONGEST_LINE = 120;
const LEAST_SENTENCE = 80;
const MOST_WARNINGS = 10;
/** An API server cuts annotations that are longer. */
const LONGEST_ANNOTATION = 1_000;

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', 'unknown'];

/** What is answered to a judged request. `notes` go into the audit trail beside what policies said. */
export function answerOf(
  request: AdmissionRequest,
  rungs: Rungs,
  glass: BreakGlass,
  settings: AdmissionSettings,
  notes: Readonly<Record<string, string>> = {},
): AdmissionResponse {
  const broken = glass.kind === 'granted' && rungs.block.length > 0;
  const denial = denialOf(rungs, glass, settings);
  const warnings = [
    ...(broken
      ? [oneLine(`break-glass: ${glass.reason}${glass.until ? ` (until ${glass.until})` : ''}`, LONGEST_LINE)]
      : []),
    ...worstFirst(broken ? [...rungs.block, ...rungs.warn] : rungs.warn).map(sentenceOf),
  ];
  const annotations = annotationsOf(rungs, glass, notes);
  return {
    uid: request.uid,
    allowed: denial === undefined,
    ...(denial !== undefined && { status: { status: 'Failure', code: 403, reason: 'Forbidden', message: denial } }),
    ...(warnings.length > 0 && { warnings: bounded([...new Set(warnings)]) }),
    ...(Object.keys(annotations).length > 0 && { auditAnnotations: annotations }),
  };
}

/** One line with a link for what refuses; undefined where nothing does. */
function denialOf(rungs: Rungs, glass: BreakGlass, settings: AdmissionSettings): string | undefined {
  if (glass.kind === 'refused') return withLink(glass.message, `${settings.console}/admission`, 0);
  const [worst, ...others] = worstFirst(rungs.block);
  if (worst === undefined || glass.kind === 'granted') return undefined;
  const link = `${settings.console}/policies?policy=${encodeURIComponent(worst.policy)}`;
  const more = new Set(others.map(({ policy, element }) => `${policy} ${element}`)).size;
  const sentence = sentenceOf(worst);
  // The link names the policy too: where there is no room for both, what is wrong comes first.
  const fits = sentence.length + link.length + 1 + moreOf(more).length <= LONGEST_LINE;
  return withLink(fits ? sentence : worst.message, link, more);
}

const moreOf = (count: number): string => (count > 0 ? ` (+${count} more)` : '');

/** The sentence is cut, the link never. */
function withLink(sentence: string, link: string, more: number): string {
  const tail = moreOf(more);
  const room = Math.max(LEAST_SENTENCE, LONGEST_LINE - link.length - 1) - tail.length;
  return `${oneLine(sentence, room)}${tail} ${link}`;
}

const sentenceOf = ({ policy, message }: PolicyResult): string => oneLine(`${policy}: ${message}`, LONGEST_LINE);

/** Text with nothing in it that does not belong into a line, as nearly all is. */
const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

/** Text of strangers in one line: without control characters, cut with an ellipsis. */
export function oneLine(text: string, longest: number): string {
  const isPlain = PLAIN.test(text);
  if (isPlain && text.length <= longest) return text;
  const line = isPlain ? text : text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).trimEnd()}…`.toWellFormed();
}

function worstFirst(results: readonly PolicyResult[]): PolicyResult[] {
  return results.toSorted(
    (a, b) =>
      Number(a.verdict === 'unknown') - Number(b.verdict === 'unknown') ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}

function bounded(warnings: string[]): string[] {
  if (warnings.length <= MOST_WARNINGS) return warnings;
  return [...warnings.slice(0, MOST_WARNINGS), `and ${warnings.length - MOST_WARNINGS} more warnings of breakwater`];
}

function annotationsOf(
  rungs: Rungs,
  glass: BreakGlass,
  notes: Readonly<Record<string, string>>,
): Record<string, string> {
  const annotations: Record<string, string> = { ...notes };
  for (const rung of ['block', 'warn', 'audit', 'excepted'] as const) {
    if (rungs[rung].length > 0) annotations[rung] = listOf(rungs[rung]);
  }
  if (glass.kind === 'granted' && rungs.block.length > 0) {
    annotations['break-glass'] = oneLine(glass.reason, LONGEST_ANNOTATION);
    if (glass.until) annotations['break-glass-until'] = glass.until;
  }
  return annotations;
}

/** No more of them than an annotation has room for. */
function listOf(results: readonly PolicyResult[]): string {
  const names = new Set<string>();
  let length = 0;
  for (const { policy, element, verdict, exception } of results) {
    const where = element === undefined ? '' : ` (${element})`;
    const name = `${policy}${where}${verdict === 'unknown' ? ' undecided' : ''}${exception ? ` by ${exception}` : ''}`;
    if (!names.has(name)) length += name.length + 2;
    names.add(name);
    if (length > 2 * LONGEST_ANNOTATION) break;
  }
  return oneLine([...names].join(', '), LONGEST_ANNOTATION);
}
