import type { MacroName, Node, withDepth } from './ast.ts';

type Shape = Parameters<typeof withDepth>[0];
type Make = (shape: Shape) => Node;
type Fail = (message: string, offset: number) => never;

interface Call {
  name: string;
  target: Node | undefined;
  operands: Node[];
  start: number;
}

/** Macros over one variable, and over a position or key with its value. */
const ONE_VARIABLE: Readonly<Record<string, MacroName>> = {
  all: 'all',
  exists: 'exists',
  exists_one: 'exists_one',
  existsOne: 'exists_one',
  map: 'map',
  filter: 'filter',
  sortBy: 'sortBy',
};
const TWO_VARIABLES: Readonly<Record<string, MacroName>> = {
  all: 'all',
  exists: 'exists',
  exists_one: 'exists_one',
  existsOne: 'exists_one',
  transformList: 'transformList',
  transformMap: 'transformMap',
  transformMapEntry: 'transformMapEntry',
};

const CONDITIONS: ReadonlySet<MacroName> = new Set(['all', 'exists', 'exists_one', 'filter']);

/** The node that a call of a macro stands for, or undefined where it is a plain call. */
export function expandMacro(call: Call, make: Make, fail: Fail): Node | undefined {
  const { name, target, operands, start } = call;
  if (target === undefined) {
    const [first] = operands;
    if (name !== 'has' || operands.length !== 1 || first === undefined) return undefined;
    if (first.kind !== 'select') return fail('has() takes a field selection such as has(a.b)', first.start);
    return make({ kind: 'has', operand: first.operand, field: first.field, start });
  }
  if (target.kind === 'identifier' && target.name === 'cel') return expandBinding(call, make, fail);
  if (target.kind === 'identifier' && target.name === 'math') return expandExtreme(call, make);
  const [first, second] = operands;
  if ((name === 'optMap' || name === 'optFlatMap') && operands.length === 2 && first && second) {
    const variable = variableOf(name, first, fail);
    return make({ kind: 'opt-map', target, variable, body: second, flat: name === 'optFlatMap', start });
  }
  return expandComprehension(call, target, make, fail);
}

function variableOf(name: string, node: Node, fail: Fail): string {
  if (node.kind === 'identifier' && !node.name.startsWith('.')) return node.name;
  return fail(`the first operands of ${name}() name its variables`, node.start);
}

function expandComprehension(call: Call, target: Node, make: Make, fail: Fail): Node | undefined {
  const { name, operands, start } = call;
  const [first, second, third, fourth] = operands;
  const { length } = operands;
  const one = Object.hasOwn(ONE_VARIABLE, name) ? ONE_VARIABLE[name] : undefined;
  if (one !== undefined && first && second && (length === 2 || (one === 'map' && length === 3))) {
    const variable = variableOf(name, first, fail);
    if (CONDITIONS.has(one)) return make({ kind: 'macro', name: one, target, variable, condition: second, start });
    if (third === undefined) return make({ kind: 'macro', name: one, target, variable, result: second, start });
    return make({ kind: 'macro', name: one, target, variable, condition: second, result: third, start });
  }
  const two = Object.hasOwn(TWO_VARIABLES, name) ? TWO_VARIABLES[name] : undefined;
  if (two === undefined || !first || !second || !third) return undefined;
  if (length !== 3 && !(length === 4 && !CONDITIONS.has(two))) return undefined;
  const names = { variable: variableOf(name, first, fail), second: variableOf(name, second, fail) };
  if (names.variable === names.second) fail(`the variables of ${name}() need two names`, second.start);
  if (CONDITIONS.has(two)) return make({ kind: 'macro', name: two, target, ...names, condition: third, start });
  if (fourth === undefined) return make({ kind: 'macro', name: two, target, ...names, result: third, start });
  return make({ kind: 'macro', name: two, target, ...names, condition: third, result: fourth, start });
}

/** `cel.bind(x, value, body)`, and `cel.block` with its numbered names, which optimisers of CEL write. */
function expandBinding({ name, operands, start }: Call, make: Make, fail: Fail): Node | undefined {
  const [first, second, third] = operands;
  if (name === 'bind' && operands.length === 3 && first && second && third) {
    return make({ kind: 'bind', variable: variableOf('cel.bind', first, fail), value: second, body: third, start });
  }
  if (name === 'block' && operands.length === 2 && first?.kind === 'list' && second) {
    return first.elements.reduceRight(
      (body, value, index) => make({ kind: 'bind', variable: `@index${index}`, value, body, start }),
      second,
    );
  }
  const numbers = operands.map((operand) => (operand.kind === 'literal' ? String(operand.value) : 'none'));
  if (name !== 'index' && name !== 'iterVar' && name !== 'accuVar') return undefined;
  return make({ kind: 'identifier', name: `@${name}${numbers.join(':')}`, start });
}

/** `math.greatest` and `math.least` take any number of operands. */
function expandExtreme({ name, operands, start }: Call, make: Make): Node | undefined {
  if ((name !== 'greatest' && name !== 'least') || operands.length === 0) return undefined;
  const given = operands.length > 2 ? [make({ kind: 'list', elements: operands, start })] : operands;
  return make({ kind: 'call', name: name === 'greatest' ? 'math.@max' : 'math.@min', operands: given, start });
}
