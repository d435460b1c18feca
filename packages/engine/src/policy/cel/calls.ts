import type { Node } from './ast.ts';
import { NOMINAL } from './cost/prices.ts';
import { ExpressionError } from './expression-error.ts';
import { charge, type Evaluator, type Frame, labour, traversal } from './frame.ts';
import type { FunctionDeclaration } from './functions/declaration.ts';
import { functionsOf } from './names.ts';
import { acceptorOf } from './overloads.ts';
import { compilePattern } from './regex/index.ts';
import type { Scope } from './scope.ts';
import { codePointLength } from './strings.ts';
import { CelError, Failure, noSuchOverload, type Value } from './values.ts';

type Compile = (node: Node) => Evaluator;
type Call = Extract<Node, { kind: 'call' }>;

/** A call of a function of the libraries: of the overloads that the types leave, or of all that take so many operands. */
export function compileCall(node: Call, scope: Scope, compile: Compile): Evaluator {
  const { name, overloads, operands } = functionsOf(
    node,
    scope.container,
    (root) => scope.locals.has(root),
    scope.functions,
  );
  const fitting =
    scope.checked?.calls.get(node) ?? overloads.filter((overload) => overload.operands.length === operands.length);
  const [first] = fitting;
  if (first === undefined) {
    const error = new CelError(`no such overload: ${name}() with ${operands.length} operands`);
    return () => error;
  }
  const pattern = name === 'matches' ? operands[1] : undefined;
  if (pattern?.kind === 'literal' && typeof pattern.value === 'string' && operands[0] !== undefined) {
    return compileMatches(compile(operands[0]), pattern.value, pattern.start, scope);
  }
  const evaluators = operands.map(compile);
  return fitting.length === 1 ? applyOne(first, evaluators) : applyFitting(name, fitting, evaluators);
}

/** The implementation of an overload, for operands whose types have been tested. */
const implementationOf = ({ call }: FunctionDeclaration): ((frame: Frame, ...operands: Value[]) => Value) =>
  call as (frame: Frame, ...operands: unknown[]) => Value;

/** The one overload that a call can mean. */
function applyOne(declaration: FunctionDeclaration, [a, b, ...rest]: Evaluator[]): Evaluator {
  const { name, decides } = declaration;
  const call = implementationOf(declaration);
  if (a === undefined) return (frame) => finish(frame, declaration, call(frame), null, null);
  if (rest.length > 0 || decides !== undefined)
    return applyFitting(name, [declaration], [a, ...(b ? [b] : []), ...rest]);
  const [takesA, takesB] = declaration.operands.map(acceptorOf);
  if (takesA === undefined) return () => noSuchOverload(name);
  const isNominal = declaration.price === NOMINAL;
  const { pay, payResult } = declaration.price;
  if (b === undefined || takesB === undefined) {
    return (frame) => {
      const x = a(frame);
      if (!takesA(x)) return noSuchOverload(name, x);
      if (isNominal) frame.cost++;
      else charge(frame, pay(x, null, null));
      return payResult === undefined ? call(frame, x) : finish(frame, declaration, call(frame, x), x, null);
    };
  }
  return (frame) => {
    const x = a(frame);
    const y = b(frame);
    if (!takesA(x) || !takesB(y)) return noSuchOverload(name, x, y);
    if (isNominal) frame.cost++;
    else charge(frame, pay(x, y, null));
    return payResult === undefined ? call(frame, x, y) : finish(frame, declaration, call(frame, x, y), x, y);
  };
}

/** Pays for what is paid by its result, or was not yet paid for want of operands. */
function finish(frame: Frame, { price, operands }: FunctionDeclaration, result: Value, a: Value, b: Value): Value {
  if (operands.length === 0) charge(frame, price.pay(a, b, null));
  if (price.payResult !== undefined && !(result instanceof Failure)) charge(frame, price.payResult(result));
  return result;
}

/** Takes the first overload whose types the values have. */
function applyFitting(name: string, overloads: readonly FunctionDeclaration[], evaluators: Evaluator[]): Evaluator {
  const choices = overloads.map((overload) => ({
    overload,
    call: implementationOf(overload),
    takes: overload.operands.map(acceptorOf),
  }));
  const decides = overloads.length === 1 ? overloads[0]?.decides : undefined;
  const [first, ...rest] = evaluators;
  return (frame) => {
    const operands: Value[] = first === undefined ? [] : [first(frame)];
    const decided = decides?.(operands[0] ?? null);
    if (decided !== undefined) {
      frame.cost++;
      return decided;
    }
    for (const evaluator of rest) operands.push(evaluator(frame));
    for (const { overload, call, takes } of choices) {
      if (!takes.every((takesOperand, index) => takesOperand(operands[index] as Value))) continue;
      const [a = null, b = null, c = null] = operands;
      if (takes.length > 0) charge(frame, overload.price.pay(a, b, c));
      return finish(frame, overload, call(frame, ...operands), a, b);
    }
    return noSuchOverload(name, ...operands);
  };
}

/** `text.matches('constant')`: the pattern is compiled once, and a wrong one is found now. */
function compileMatches(text: Evaluator, pattern: string, start: number, scope: Scope): Evaluator {
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) throw new ExpressionError(compiled.$message, scope.source, start);
  const factor = Math.ceil(codePointLength(pattern) / 4);
  return (frame) => {
    const value = text(frame);
    if (typeof value !== 'string') return noSuchOverload('matches', value, pattern);
    const length = traversal(value.length + 1);
    charge(frame, length * factor);
    labour(frame, length * compiled.weight);
    return compiled.test(value);
  };
}
