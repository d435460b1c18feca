import { type IncidentSign, processKey } from '@breakwater/engine/incident';
import { type AlikeEvents, exceptionOfAlert } from '@breakwater/engine/policy/events';
import type { Exception, RuntimeEvent } from '@breakwater/model';
import type { OpenDetection } from '../detection/open-detection.ts';
import { subjectOf } from '../ingest/subject-of.ts';
import type { AddressBook } from './address-book.ts';

/** What a batch of events comes to. */
export interface JudgedEvents {
  /** Alerts that policies here raised and that count: those of the sender are not among them. */
  alerts: RuntimeEvent[];
  /** What incidents are made of. */
  signs: IncidentSign[];
}

/** Judges what comes in, before it is stored: what is stored once is told once. */
export interface EventJudge {
  /**
   * Reads what is new of exceptions, and what is to be known before events of these containers are judged; nothing to wait
   * for where all of it is known.
   */
  prepare(events: readonly RuntimeEvent[]): Promise<void> | undefined;
  /** Adds to what other events of the same batch came to, where that is given. `alike` are of each event, where known. */
  judge(
    events: readonly RuntimeEvent[],
    judged?: JudgedEvents,
    alike?: readonly (AlikeEvents | undefined)[],
  ): JudgedEvents;
  /** What was judged is stored. */
  stored(): void;
  /** Forgets what was told: it was not stored, and comes again. */
  forget(): void;
}

export interface JudgeOptions {
  detection: Pick<OpenDetection, 'take' | 'forget'>;
  addresses: AddressBook;
  /** Whether an event is of a process that an incident is about. */
  concerns: (event: RuntimeEvent) => boolean;
  /** Exceptions that came of incidents, as they are now. */
  exceptions: () => Promise<Exception[]>;
  prepare?: (events: readonly RuntimeEvent[]) => Promise<void> | undefined;
  onStored?: () => void;
}

/** Things of a batch that are told though they are no alerts; beyond them a story is long enough. */
const MOST_CONTEXT = 200;
/** Alerts that are remembered to know them again when the sender tells them too, or we. */
const MOST_REMEMBERED = 20_000;

/** Opens the judging of what comes in. */
export function openEventJudge(options: JudgeOptions): EventJudge {
  const { detection } = options;
  let exceptions: Exception[] = [];
  // Those are kept for a while: the same promise has nothing new.
  let known: Promise<Exception[]> | undefined;
  const know = async (current: Promise<Exception[]>, prepared: Promise<void> | undefined): Promise<void> => {
    const [found] = await Promise.all([current, prepared]);
    [exceptions, known] = [found, current];
  };
  const told = new Set<string>();
  const isNew = (alert: RuntimeEvent): boolean => {
    const key = keyOf(alert);
    if (told.has(key)) return false;
    if (told.size >= MOST_REMEMBERED) told.clear();
    told.add(key);
    return true;
  };
  // Of what was judged only now no incident is told yet.
  const suspects = new Set<string>();
  const isSuspect = (event: RuntimeEvent): boolean => {
    if (suspects.size === 0) return options.concerns(event);
    const actor = event.type === 'exec' ? event.parent : event.process;
    const key = actor && processKey(event, actor);
    return (key !== undefined && suspects.has(key)) || options.concerns(event);
  };
  return {
    prepare(events) {
      const current = options.exceptions();
      const prepared = options.prepare?.(events);
      return current === known && prepared === undefined ? undefined : know(current, prepared);
    },
    judge(events, judged = { alerts: [], signs: [] }, alike = []) {
      const told = judged.signs.filter(({ kind }) => kind === 'context' || kind === 'connection').length;
      const context = { left: MOST_CONTEXT - told };
      for (const [index, event] of events.entries()) {
        const { pod, container, local, alert: raised } = event;
        if (pod === undefined && container === undefined && raised === undefined) continue;
        if (local !== undefined) options.addresses.note(event, subjectOf(event) ?? '');
        if (raised !== undefined) {
          if (isNew(event) && addAlert(judged, event, subjectOf(event), exceptions, context))
            noteActor(suspects, event);
          continue;
        }
        for (const alert of detection.take(event, alike[index])) {
          if (!isNew(alert) || !addAlert(judged, alert, subjectOf(event), exceptions, context)) continue;
          judged.alerts.push(alert);
          noteActor(suspects, alert);
        }
        addOther(judged, event, isSuspect, context);
      }
      return judged;
    },
    stored: () => options.onStored?.(),
    forget() {
      told.clear();
      detection.forget();
    },
  };
}

/** Who did it; a container's first program does everything else too. */
function noteActor(suspects: Set<string>, event: RuntimeEvent): void {
  const { process: actor, parent, alert } = event;
  const key = actor && processKey(event, actor);
  if (key === undefined || (parent === undefined && (alert?.ancestors ?? []).length === 0)) return;
  if (suspects.size >= MOST_REMEMBERED) suspects.clear();
  suspects.add(key);
}

/** Whether it counts: what is only audited, or covered by an exception, is context. */
function addAlert(
  { signs }: JudgedEvents,
  alert: RuntimeEvent,
  subject = '',
  exceptions: readonly Exception[],
  context: { left: number },
): boolean {
  const place = placeOf(alert, subject);
  const covering = alert.alert?.exception ?? exceptionOfAlert(alert, subject, exceptions)?.metadata.name;
  if (covering === undefined && alert.alert?.enforcement !== 'audit') {
    signs.push({ kind: 'alert', event: alert, ...place });
    return true;
  }
  if (context.left-- > 0)
    signs.push({
      kind: 'context',
      event: alert,
      ...place,
      ...(covering !== undefined && { expected: `expected: exception ${covering}` }),
    });
  return false;
}

/** What was stopped, and what processes of incidents do next. */
function addOther(
  { signs }: JudgedEvents,
  event: RuntimeEvent,
  concerns: (event: RuntimeEvent) => boolean,
  context: { left: number },
): void {
  const { prevention, type } = event;
  if (prevention === 'stopped' || prevention === 'killed')
    signs.push({ kind: 'prevention', event, ...placeOf(event, subjectOf(event) ?? '') });
  else if ((type === 'exec' || type === 'connect') && context.left > 0 && concerns(event)) {
    context.left--;
    signs.push({ kind: type === 'exec' ? 'context' : 'connection', event, ...placeOf(event, subjectOf(event) ?? '') });
  }
}

const placeOf = ({ container }: RuntimeEvent, subject: string): Pick<IncidentSign, 'subject' | 'container'> => ({
  subject,
  ...(container?.name !== undefined && { container: container.name }),
});

/** Equal for an alert of the sender and ours about the same. */
function keyOf({ alert, time, container, node, process: actor, file, peer }: RuntimeEvent): string {
  const what = file?.path ?? `${peer?.address ?? ''}:${peer?.port ?? ''}`;
  return [alert?.rule, time, node, container?.id ?? container?.name, actor?.pid, actor?.path, what].join('\0');
}
