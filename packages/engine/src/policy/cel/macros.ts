import type { MacroName, Node } from './ast.ts';

type Macro = Extract<Node, { kind: 'macro' }>;
type Has = Extract<Node, { kind: 'has' }>;
type Expanded = Omit<Macro, 'start' | 'depth'> | Omit<Has, 'start' | 'depth'>;
type Fail = (message: string, offset: number) => never;

const CONDITIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map']);

/** The macro that a call stands for, or undefined where it is a plain call. */
export function expandMacro(
  name: string,
  target: Node | undefined,
  operands: Node[],
  fail: Fail,
): Expanded | undefined {
  const [first, second, third] = operands;
  if (target === undefined) {
    if (name !== 'has' || operands.length !== 1 || first === undefined) return undefined;
    if (first.kind !== 'select') return fail('has() takes a field selection such as has(a.b)', first.start);
    return { kind: 'has', operand: first.operand, field: first.field };
  }
  if (!CONDITIONS.has(name) || first === undefined || second === undefined) return undefined;
  if (operands.length !== 2 && !(name === 'map' && operands.length === 3)) return undefined;
  if (first.kind !== 'identifier' || first.name.startsWith('.')) {
    return fail(`the first operand of ${name}() names the variable`, first.start);
  }
  const macro = (name === 'existsOne' ? 'exists_one' : name) as MacroName;
  const variable = first.name;
  if (macro !== 'map') return { kind: 'macro', name: macro, target, variable, condition: second };
  if (third === undefined) return { kind: 'macro', name: macro, target, variable, result: second };
  return { kind: 'macro', name: macro, target, variable, condition: second, result: third };
}
