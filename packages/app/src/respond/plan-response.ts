import { UserError } from '@breakwater/model';
import { RESPONSES, type ResponseKind, type ResponsePlan, type ResponsePorts } from '@breakwater/outputs/responses';
import { z } from 'zod';
import type { JournalEntry } from './journal-entry.ts';
import type { RespondSettings } from './settings.ts';

/** What would be done, and what stands in the way. */
export interface Planned {
  kind: ResponseKind;
  plan: ResponsePlan;
  /** Why it is not done whoever asks, as sentences; empty where nothing stands in the way. */
  refusals: string[];
  /** Whether somebody else has to agree first. */
  needsSecondPerson: boolean;
}

const HOUR = 3_600_000;

/** Looks at the target and at what was done lately. Nothing is changed. @throws {UserError} where it cannot be done at all */
export async function planResponse(
  { response, config }: { response: string; config: Record<string, unknown> },
  ports: ResponsePorts,
  settings: RespondSettings,
  entries: readonly JournalEntry[],
): Promise<Planned> {
  const kind = responseNamed(response);
  const parsed = kind.schema.safeParse(config);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${response}: ${issue?.path.join('.') || 'settings'}: ${issue?.message ?? 'not valid'}.`, {
      code: 'response-invalid',
      hint: `It takes: ${fieldsOf(kind).join(', ')}.`,
    });
  }
  const plan = await kind.plan(config, ports);
  const { secondPerson } = settings;
  return {
    kind,
    plan,
    refusals: [...protections(plan, settings), ...limits(plan, settings, entries, ports.now())],
    needsSecondPerson: secondPerson === 'always' || (secondPerson === 'destructive' && kind.destructive),
  };
}

/** The kind of a name. @throws {UserError} with all that there are */
export function responseNamed(name: string): ResponseKind {
  const kind = RESPONSES.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  throw new UserError(`There is no response named ${name}.`, {
    code: 'response-unknown',
    hint: RESPONSES.map((one) => `${one.name}: ${one.summary}`).join('; '),
  });
}

const fieldsOf = ({ schema }: ResponseKind): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/** Own parts and those of Kubernetes: a response that takes them away could not be undone by anybody. */
function protections({ target }: ResponsePlan, { protectedNamespaces }: RespondSettings): string[] {
  const { namespace, labels = {}, name, kind } = target;
  if (namespace !== undefined && protectedNamespaces.includes(namespace))
    return [`Namespace ${namespace} is protected: nothing in it is touched.`];
  if (labels['app.kubernetes.io/name'] === 'breakwater' || labels['app.kubernetes.io/part-of'] === 'breakwater')
    return [`${name} is a part of Breakwater itself.`];
  if (
    kind === 'node' &&
    Object.keys(labels).some((label) => /^node-role\.kubernetes\.io\/(control-plane|master)$/.test(label))
  )
    return [`Node ${name} holds the control plane.`];
  return [];
}

function limits(
  { target }: ResponsePlan,
  { mostPerHour, mostPerTarget }: RespondSettings,
  entries: readonly JournalEntry[],
  now: Date,
): string[] {
  const recent = entries.filter(({ step, time }) => step === 'begun' && now.getTime() - Date.parse(time) < HOUR);
  const same = recent.filter(({ plan }) => keyOf(plan.target) === keyOf(target));
  if (recent.length >= mostPerHour)
    return [`${recent.length} responses were done in the last hour: no more than ${mostPerHour} are.`];
  if (same.length >= mostPerTarget)
    return [
      `${same.length} responses to ${target.name} were done in the last hour: no more than ${mostPerTarget} are.`,
    ];
  return [];
}

const keyOf = ({ cluster = '', namespace = '', kind, name }: ResponsePlan['target']): string =>
  [cluster, namespace, kind, name].join('\n');
