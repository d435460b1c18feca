import { type PolicyResult, RuntimeEvent } from '@breakwater/model';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { HISTORY } from './check-events.ts';
import { Detector, type EventSurroundings } from './detector.ts';

/** What a policy says of the events of a case, one after the other, with what the case gives of build and deploy. */
export function judgeHistory(compiled: CompiledPolicy, given: Readonly<Record<string, unknown>>): PolicyResult[] {
  const { [HISTORY]: events, object, image, exposure, ...facts } = given;
  const read = RuntimeEvent.array().safeParse(events ?? []);
  if (!read.success) return [notUnderstood(compiled, read.error.issues[0])];
  const surroundings = { object, image, exposure, facts } as unknown as EventSurroundings;
  const detector = new Detector([compiled], [], () => surroundings);
  return read.data.flatMap((event) => detector.judge(event).map(({ result }) => result));
}

function notUnderstood(
  { policy: { metadata, spec } }: CompiledPolicy,
  issue: { path: PropertyKey[]; message: string } | undefined,
): PolicyResult {
  const at = [HISTORY, ...(issue?.path ?? [])].map(String).join('.');
  return {
    policy: metadata.name,
    title: spec.title,
    severity: spec.severity,
    subject: '',
    phase: 'run',
    verdict: 'unknown',
    enforcement: 'audit',
    message: `the case is no list of events: ${at}: ${issue?.message ?? ''}`,
    fix: spec.fix,
    missing: [],
  };
}
