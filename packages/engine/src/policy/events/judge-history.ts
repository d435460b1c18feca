import { type PolicyResult, RuntimeEvent, type Verdict } from '@breakwater/model';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { HISTORY } from './check-events.ts';
import { Detector, type EventSurroundings } from './detector.ts';

/** What a policy says of the events of a case, one after the other, with what the case gives of build and deploy. */
export function judgeHistory(compiled: CompiledPolicy, given: Readonly<Record<string, unknown>>): PolicyResult[] {
  const { [HISTORY]: events, object, image, exposure, ...facts } = given;
  const read = RuntimeEvent.array().safeParse(events ?? []);
  if (!read.success) return [result(compiled, 'unknown', faultIn(read.error.issues[0]))];
  const surroundings = { object, image, exposure, facts } as unknown as EventSurroundings;
  const detector = new Detector([compiled], [], () => surroundings);
  const found = read.data.flatMap((event) => detector.judge(event).map((detection) => detection.result));
  const kinds = compiled.policy.spec.match.events;
  const isAbout = read.data.some(({ type }) => kinds?.includes(type));
  return found.length === 0 && isAbout ? [result(compiled, 'pass', '')] : found;
}

const faultIn = (issue: { path: PropertyKey[]; message: string } | undefined): string =>
  `the case is no list of events: ${[HISTORY, ...(issue?.path ?? [])].map(String).join('.')}: ${issue?.message ?? ''}`;

function result({ policy: { metadata, spec } }: CompiledPolicy, verdict: Verdict, message: string): PolicyResult {
  return {
    policy: metadata.name,
    title: spec.title,
    severity: spec.severity,
    subject: '',
    phase: 'run',
    verdict,
    enforcement: 'audit',
    message,
    fix: spec.fix,
    missing: [],
  };
}
