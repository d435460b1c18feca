import { type Node, qualifiedName } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { charge, type Evaluator, labour, traversal } from './frame.ts';
import type { FunctionDeclaration } from './functions/declaration.ts';
import { findFunction, isFunctionName } from './functions/index.ts';
import { compilePattern } from './regex/index.ts';
import type { Scope } from './scope.ts';
import { CelError, noSuchOverload } from './values.ts';

type Compile = (node: Node) => Evaluator;
type Call = Extract<Node, { kind: 'call' }>;

/** A call of a function: of the library, checked by name, style and number of operands. */
export function compileCall(node: Call, scope: Scope, compile: Compile): Evaluator {
  const { target, operands } = node;
  const qualified = target && qualifiedName(target);
  if (qualified !== undefined && !scope.locals.has(qualified.split('.', 1)[0] ?? '')) {
    const space = findFunction(`${qualified}.${node.name}`, 'global', operands.length);
    if (space !== undefined) return apply(space, operands.map(compile));
  }
  const name = node.name.replace(/^\./, '');
  const all = target === undefined ? operands : [target, ...operands];
  const declaration = findFunction(name, target === undefined ? 'global' : 'member', all.length);
  if (declaration === undefined) {
    const problem = isFunctionName(name) ? 'no such overload of' : 'unknown function';
    throw new ExpressionError(`${problem} ${name}() with ${operands.length} operands`, scope.source, node.start);
  }
  const pattern = name === 'matches' ? all[1] : undefined;
  if (pattern?.kind === 'literal' && typeof pattern.value === 'string' && all[0] !== undefined) {
    return compileMatches(compile(all[0]), pattern.value, pattern.start, scope);
  }
  return apply(declaration, all.map(compile));
}

function apply({ call }: FunctionDeclaration, [a, b, c, d]: Evaluator[]): Evaluator {
  if (a === undefined) return (frame) => call(frame, null, null, null, null);
  if (b === undefined) return (frame) => call(frame, a(frame), null, null, null);
  if (c === undefined) return (frame) => call(frame, a(frame), b(frame), null, null);
  if (d === undefined) return (frame) => call(frame, a(frame), b(frame), c(frame), null);
  return (frame) => call(frame, a(frame), b(frame), c(frame), d(frame));
}

/** `text.matches('constant')`: the pattern is compiled once, and a wrong one is found now. */
function compileMatches(text: Evaluator, pattern: string, start: number, scope: Scope): Evaluator {
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) throw new ExpressionError(compiled.$message, scope.source, start);
  const factor = Math.ceil(pattern.length / 4);
  return (frame) => {
    const value = text(frame);
    if (typeof value !== 'string') return noSuchOverload('matches', value, pattern);
    const length = traversal(value.length + 1);
    charge(frame, length * factor);
    labour(frame, length * compiled.weight);
    return compiled.test(value);
  };
}
