import type { Json } from '@breakwater/model';
import type { KyvernoContextEntry, KyvernoForeach } from '@breakwater/model/foreign';
import { isRecord, listOf } from '../../loose-values.ts';
import { JmesPathError, writeText } from '../jmespath/index.ts';
import { meetsAnyAll } from './conditions.ts';
import type { JsonContext } from './json-context.ts';
import { matchPattern, type PatternFault } from './pattern/match-pattern.ts';
import { attempt, PASS, type RuleResult, SKIP } from './rule-result.ts';
import { substitute, substituteText } from './substitute.ts';
import { bodiesOf } from './unjudged-rules.ts';

/** What a rule, or one turn of its `foreach`, checks. */
export interface ObjectChecks {
  context?: readonly KyvernoContextEntry[] | null | undefined;
  preconditions?: Json | undefined;
  pattern?: Json | undefined;
  anyPattern?: Json | undefined;
  deny?: { conditions?: Json | undefined } | null | undefined;
  foreach?: readonly KyvernoForeach[] | null | undefined;
}

/** What is checked, and how results are told. */
export interface CheckedObject {
  object: unknown;
  /** Path to it inside the object of the request. */
  pointer: readonly (string | number)[];
  context: JsonContext;
  /** The rule's sentence; with variables. */
  message: string;
  ruleName: string;
  /** Finds the place of an element inside the object of the request. */
  locate: (element: unknown) => readonly (string | number)[];
}

const MAX_NESTING = 8;
/** Steps that a turn of a loop costs beside its queries: the context is copied for it. */
const TURN = 50;

/** Checks an object by what a rule says: conditions, then a deny, a pattern, several patterns, or a loop. */
export function validateObject(checks: ObjectChecks, checked: CheckedObject, nesting = 0): RuleResult {
  return attempt(() => {
    requireOneBody(checks);
    const context = checked.context.withEntries(checks.context);
    const inside = { ...checked, context };
    if (!meetsPreconditions(checks.preconditions, context)) return SKIP;
    if (checks.deny) return deny(checks.deny.conditions, inside);
    if (checks.pattern !== undefined && checks.pattern !== null) return byPattern(checks.pattern, inside);
    if (Array.isArray(checks.anyPattern)) return byAnyPattern(checks.anyPattern, inside);
    return checks.foreach ? byLoops(checks.foreach, inside, nesting) : SKIP;
  });
}

/** Throws for what Kyverno does not take either: nobody can say which of several bodies counts. */
export function requireOneBody(checks: Parameters<typeof bodiesOf>[0]): void {
  const bodies = bodiesOf(checks);
  if (bodies.length > 1) throw new JmesPathError(`there is more than one body: ${bodies.join(', ')}`);
}

/** In preconditions a variable that selects nothing stands for the empty text. */
export function meetsPreconditions(conditions: Json | undefined, context: JsonContext): boolean {
  const resolve = (expression: string): unknown => {
    try {
      return context.resolve(expression);
    } catch (error) {
      if (error instanceof JmesPathError) return '';
      throw error;
    }
  };
  return meetsAnyAll(conditions, (value) => substitute(value, resolve, context), context);
}

function deny(conditions: Json | undefined, checked: CheckedObject): RuleResult {
  const { context } = checked;
  const isDenied = meetsAnyAll(conditions, (value) => substitute(value, context.resolve, context), context);
  return isDenied ? { status: 'fail', message: sentence(checked), pointer: checked.pointer } : PASS;
}

/** The rule's message with its variables; as it is written where one of them has no value. */
function sentence({ message, context, ruleName }: CheckedObject): string {
  if (message === '') return `the rule ${ruleName} is broken`;
  try {
    return substituteText(message, context.resolve, context).trim();
  } catch {
    return message.trim();
  }
}

/** `{{ @ }}` in a pattern is the value at the same place of the object. */
function filled(pattern: Json, { context, object }: CheckedObject): unknown {
  const fill = (part: unknown, value: unknown): unknown => {
    if (typeof part === 'string') {
      const resolve = (expression: string) => (expression === '@' ? (value ?? '') : context.resolve(expression));
      const put = substitute(part, resolve, context);
      /* A pattern is gone through to its end: what is put in must have an end that can be reached. */
      if (typeof put === 'object') writeText(put, context);
      return put;
    }
    if (Array.isArray(part)) return part.map((item, index) => fill(item, listOf(value)[index]));
    if (!isRecord(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [
        substituteText(key, context.resolve, context),
        fill(inner, isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      ]),
    );
  };
  return hasVariable(pattern) ? fill(pattern, object) : pattern;
}

const hasVariable = (pattern: Json): boolean => {
  if (typeof pattern === 'string') return pattern.includes('{{') || pattern.includes('$(');
  if (typeof pattern !== 'object' || pattern === null) return false;
  return Object.entries(pattern).some(([key, inner]) => key.includes('{{') || hasVariable(inner as Json));
};

function broken(fault: Extract<PatternFault, { kind: 'broken' }>, checked: CheckedObject): RuleResult {
  const path = fault.pointer.join('.');
  const told = checked.message === '' ? `${path || 'it'} ${fault.message}` : sentence(checked);
  return { status: 'fail', message: told, pointer: [...checked.pointer, ...fault.pointer] };
}

function byPattern(pattern: Json, checked: CheckedObject): RuleResult {
  const fault = matchPattern(checked.object, filled(pattern, checked));
  if (fault === undefined) return PASS;
  return fault.kind === 'skip' ? SKIP : broken(fault, checked);
}

function byAnyPattern(patterns: readonly Json[], checked: CheckedObject): RuleResult {
  let first: Extract<PatternFault, { kind: 'broken' }> | undefined;
  for (const pattern of patterns) {
    const fault = matchPattern(checked.object, filled(pattern, checked));
    if (fault === undefined) return PASS;
    if (fault.kind === 'broken') first ??= fault;
  }
  return first === undefined ? SKIP : broken(first, checked);
}

function byLoops(loops: readonly KyvernoForeach[], checked: CheckedObject, nesting: number): RuleResult {
  if (nesting >= MAX_NESTING) throw new JmesPathError('loops are nested too deeply');
  let applied = false;
  let undecided: RuleResult | undefined;
  for (const loop of loops) {
    for (const result of turnsOf(loop, checked, nesting)) {
      if (result.status === 'fail') return result;
      if (result.status === 'pass') applied = true;
      else if (result.status === 'unknown') undecided ??= result;
    }
  }
  return undecided ?? (applied ? PASS : SKIP);
}

/** One result an element; an element that is null is passed over. */
function* turnsOf(loop: KyvernoForeach, checked: CheckedObject, nesting: number): Generator<RuleResult> {
  const listed = checked.context.query(substituteText(loop.list, checked.context.resolve, checked.context));
  const elements = listed === null ? [] : Array.isArray(listed) ? listed : [listed];
  for (const [elementIndex, element] of elements.entries()) {
    checked.context.spend(TURN);
    if (element === null) continue;
    const names = {
      element,
      elementIndex,
      [`element${nesting}`]: element,
      [`elementIndex${nesting}`]: elementIndex,
    };
    const isScoped = loop.elementScope ?? isRecord(element);
    const pointer = checked.locate(element);
    const inside: CheckedObject = {
      ...checked,
      context: checked.context.with(names),
      ...(isScoped && isRecord(element) ? { object: element, pointer } : { pointer: [] }),
    };
    yield validateObject(loop, inside, nesting + 1);
  }
}
