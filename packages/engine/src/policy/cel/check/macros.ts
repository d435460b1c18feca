import type { Node } from '../ast.ts';
import { BOOL, type CelType, DYN, INT, isParameter, listOf, mapOf, optionalOf } from '../types.ts';
import type { CheckWalk, Locals } from './walk.ts';

type MacroNode = Extract<Node, { kind: 'macro' | 'bind' | 'opt-map' }>;

const bind = (locals: Locals, name: string, type: CelType): Map<string, CelType> => new Map(locals).set(name, type);

/** The type of a macro: its variables are known inside it only. */
export function checkMacro(checker: CheckWalk, node: MacroNode, locals: Locals): CelType {
  if (node.kind === 'bind') {
    const value = checker.check(node.value, locals);
    return checker.check(node.body, bind(locals, node.variable, value));
  }
  if (node.kind === 'opt-map') return checkOptionalMap(checker, node, locals);
  return checkComprehension(checker, node, locals);
}

function checkOptionalMap(checker: CheckWalk, node: Extract<MacroNode, { kind: 'opt-map' }>, locals: Locals): CelType {
  const inside = checker.inference.fresh();
  checker.expect(node.target, locals, optionalOf(inside));
  const body = checker.check(node.body, bind(locals, node.variable, inside));
  if (!node.flat) return optionalOf(body);
  const result = optionalOf(checker.inference.fresh());
  if (!checker.inference.assignAll([body], [result])) {
    return checker.fail(`expected an optional but found '${checker.format(body)}'`, node.body);
  }
  return checker.inference.resolve(result);
}

/** Types of the key (or position) and of the value that a comprehension goes through. */
function rangeOf(checker: CheckWalk, target: Node, type: CelType): { key: CelType; value: CelType; isMap: boolean } {
  const found = checker.inference.find(type);
  const [first = DYN, second = DYN] = found.parameters;
  if (found.name === 'list') return { key: INT, value: first, isMap: false };
  if (found.name === 'map') return { key: first, value: second, isMap: true };
  if (isParameter(found)) checker.inference.assignAll([DYN], [found]);
  else if (found.name !== 'dyn') {
    const problem = `expression of type '${checker.format(found)}' cannot be range of a comprehension`;
    return checker.fail(`${problem} (must be list, map, or dynamic)`, target);
  }
  return { key: DYN, value: DYN, isMap: false };
}

function checkComprehension(checker: CheckWalk, node: Extract<MacroNode, { kind: 'macro' }>, locals: Locals): CelType {
  const { key, value, isMap } = rangeOf(checker, node.target, checker.check(node.target, locals));
  const element = isMap ? key : value;
  const inside = bind(locals, node.variable, node.second === undefined ? element : key);
  if (node.second !== undefined) inside.set(node.second, value);
  if (node.condition !== undefined) checker.expect(node.condition, inside, BOOL);
  const result = node.result === undefined ? DYN : checker.check(node.result, inside);
  switch (node.name) {
    case 'map':
    case 'transformList':
      return listOf(result);
    case 'filter':
    case 'sortBy':
      return listOf(element);
    case 'transformMap':
      return mapOf(key, result);
    case 'transformMapEntry': {
      const entry = mapOf(checker.inference.fresh(), checker.inference.fresh());
      if (!checker.inference.assignAll([result], [entry])) {
        checker.fail(`expected a map but found '${checker.format(result)}'`, node.result ?? node);
      }
      return checker.inference.resolve(entry);
    }
    default:
      return BOOL;
  }
}
