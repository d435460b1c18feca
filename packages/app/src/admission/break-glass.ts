import { isKubernetesController } from '@breakwater/engine/policy';
import { isObject, type Json, type JsonObject } from '@breakwater/model';
import type { Judging } from './judging.ts';
import { podOf } from './target.ts';

/** The reason, in the annotations of an object or of the template of its pods. */
export const REASON = 'breakwater.dev/break-glass';
/** Until when the object and its pods may carry it, RFC 3339. Without it the reason counts for one request. */
export const UNTIL = 'breakwater.dev/break-glass-until';

/** What an object says of breaking the glass, and whether that counts. */
export type BreakGlass =
  | { kind: 'none' }
  /** Asked for by somebody who may not, or not as it must be asked for: refused whatever policies say. */
  | { kind: 'refused'; message: string }
  | { kind: 'granted'; reason: string; until?: string };

const NONE: BreakGlass = { kind: 'none' };
const refused = (message: string): BreakGlass => ({ kind: 'refused', message });

const LONGEST_REASON = 500;
const HOUR = 3_600_000;
/** A date parser alone takes any length of remarks in brackets. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

interface Glass {
  reason: string;
  /** Empty where none is said. */
  until: string;
}

/** What the object says of itself, and of its pods. */
type Glasses = [own: Glass | undefined, pods: Glass | undefined];

/**
 * Whether a request may pass although policies refuse it. Who writes the annotation must be allowed to; Kubernetes' own
 * controllers, which hand on what somebody wrote before, may carry it until its time is over.
 *
 * @param isRefused whether policies refuse it: else nothing is asked of what is entered.
 */
export function breakGlass(judging: Judging, isRefused: boolean): BreakGlass {
  const { operation, object, oldObject, userInfo } = judging.request;
  if (operation === 'CONNECT') return isRefused ? writtenBefore(podOf(judging) ?? null, judging) : NONE;
  if (operation === 'DELETE') return isRefused ? writtenBefore(oldObject, judging) : NONE;
  const glasses = glassesOf(object);
  const asked = glasses[0] ?? glasses[1];
  if (asked === undefined) return NONE;
  if (isKubernetesController(userInfo.username)) return asked.until === '' ? NONE : stillCounts(asked, judging);
  const before = glassesOf(oldObject);
  const written = glasses.filter((glass, index) => glass !== undefined && !isSame(glass, before[index]));
  if (written.length === 0 && asked.until === '') return NONE;
  if (!mayBreak(judging)) {
    return written.length === 0 ? NONE : refused(`${userInfo.username} may not set ${REASON}`);
  }
  const fault = written.map((glass) => faultOf(glass?.until ?? '', judging)).find((message) => message !== undefined);
  return fault === undefined ? stillCounts(asked, judging) : refused(fault);
}

/**
 * A connection or a deletion has nothing to write a reason on: it stands on the pod that is entered, or on what is
 * deleted, until its time is over, and counts for those who may write one.
 */
function writtenBefore(subject: JsonObject | null, judging: Judging): BreakGlass {
  const [glass] = glassesOf(subject);
  if (glass === undefined || glass.until === '' || !mayBreak(judging)) return NONE;
  return stillCounts(glass, judging);
}

const isSame = (a: Glass | undefined, b: Glass | undefined): boolean =>
  a?.reason === b?.reason && a?.until === b?.until;

function stillCounts({ reason, until }: Glass, { now, settings }: Judging): BreakGlass {
  if (until === '') return { kind: 'granted', reason };
  const left = RFC_3339.test(until) ? Date.parse(until) - Date.parse(now) : Number.NaN;
  return left > 0 && left <= settings.breakGlass.mostHours * HOUR ? { kind: 'granted', reason, until } : NONE;
}

function faultOf(until: string, { now, settings }: Judging): string | undefined {
  if (until === '') return undefined;
  const end = RFC_3339.test(until) ? Date.parse(until) : Number.NaN;
  const { mostHours } = settings.breakGlass;
  if (Number.isNaN(end)) return `${UNTIL} is no time such as 2027-01-31T12:00:00Z`;
  return end - Date.parse(now) > mostHours * HOUR ? `${UNTIL} is more than ${mostHours} h ahead` : undefined;
}

function mayBreak({ request, settings, questions }: Judging): boolean {
  const { users, groups, asksPermission } = settings.breakGlass;
  const { username, groups: own } = request.userInfo;
  if (users.includes(username) || own.some((group) => groups.includes(group))) return true;
  if (!asksPermission) return false;
  const { namespace } = request;
  const answer = questions.permission({ verb: 'bypass', group: 'breakwater.dev', resource: 'policies', namespace });
  return 'allowed' in answer && answer.allowed;
}

function glassesOf(object: JsonObject | null): Glasses {
  const spec = fieldOf(object ?? {}, 'spec');
  const jobs = fieldOf(fieldOf(spec, 'jobTemplate'), 'spec');
  const pods = { ...templateAnnotations(spec), ...templateAnnotations(jobs) };
  return [glassOf(fieldOf(fieldOf(object ?? {}, 'metadata'), 'annotations')), glassOf(pods)];
}

const templateAnnotations = (spec: JsonObject): JsonObject =>
  fieldOf(fieldOf(fieldOf(spec, 'template'), 'metadata'), 'annotations');

function glassOf(annotations: JsonObject): Glass | undefined {
  const reason = textOf(annotations, REASON);
  return reason === '' ? undefined : { reason: reason.slice(0, LONGEST_REASON), until: textOf(annotations, UNTIL) };
}

function fieldOf(object: JsonObject, name: string): JsonObject {
  const value: Json | undefined = Object.hasOwn(object, name) ? object[name] : undefined;
  return isObject(value) ? value : {};
}

function textOf(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value.trim() : '';
}
