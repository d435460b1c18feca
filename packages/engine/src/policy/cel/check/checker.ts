import { type Node, qualifiedName } from '../ast.ts';
import { ExpressionError } from '../expression-error.ts';
import type { FunctionDeclaration } from '../functions/declaration.ts';
import type { FunctionTable } from '../functions/index.ts';
import { candidates, functionsOf } from '../names.ts';
import { compilePattern } from '../regex/index.ts';
import {
  BOOL,
  type CelType,
  DYN,
  formatType,
  isParameter,
  listOf,
  mapOf,
  NAMED_TYPES,
  optionalOf,
  typeOf,
} from '../types.ts';
import { CelError, kindOf } from '../values.ts';
import { checkMacro } from './macros.ts';
import { isGeneric, OPERATORS, resultForDyn, type Signature } from './operators.ts';
import { Inference, isExactly } from './unify.ts';
import type { CheckWalk, Locals } from './walk.ts';

/** What the checker found out about the nodes of an expression. */
export interface Checked {
  typeOf(node: Node): CelType;
  /** The overloads that a call of a function may mean, given the types of its operands. */
  readonly calls: ReadonlyMap<Node, readonly FunctionDeclaration[]>;
  /** Variables that the expression uses. */
  readonly references: ReadonlySet<string>;
}

/** What names mean to the checker. */
export interface Declarations {
  source: string;
  variables: ReadonlyMap<string, CelType>;
  container: string;
  /** Functions beside those of the libraries. */
  functions?: FunctionTable | undefined;
  /** Overloads that the caller has not got, by the version that brought them. */
  isDeclared(overload: FunctionDeclaration): boolean;
}

/** Finds the type of every node; throws `ExpressionError` where operands do not fit. Where types are `dyn`, all fit. */
export function checkTypes(root: Node, declarations: Declarations): Checked {
  const checker = new Checker(declarations);
  checker.check(root, new Map());
  const { types, inference, calls, references } = checker;
  return { typeOf: (node) => inference.resolve(types.get(node) ?? DYN, true), calls, references };
}

/** The first name of `a.b.c`. */
function rootName(node: Node): string | undefined {
  let current = node;
  while (current.kind === 'select') current = current.operand;
  return current.kind === 'identifier' ? current.name : undefined;
}

class Checker implements CheckWalk {
  readonly inference = new Inference();
  readonly types = new Map<Node, CelType>();
  readonly calls = new Map<Node, readonly FunctionDeclaration[]>();
  readonly references = new Set<string>();
  readonly #declarations: Declarations;

  /** Whether the first name of `a.b.c` is the variable, if there is one of that name. */
  readonly #isPlain: boolean;

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
    this.#isPlain = declarations.container === '' && !declarations.variables.keys().some((name) => name.includes('.'));
  }

  check(node: Node, locals: Locals): CelType {
    const type = this.#find(node, locals);
    this.types.set(node, type);
    return type;
  }

  fail(message: string, node: Node): never {
    throw new ExpressionError(message, this.#declarations.source, node.start);
  }

  expect(node: Node, locals: Locals, wanted: CelType): void {
    const type = this.check(node, locals);
    if (!this.inference.assignAll([type], [wanted])) {
      this.fail(`expected type '${formatType(wanted)}' but found '${this.format(type)}'`, node);
    }
  }

  format = (type: CelType): string => formatType(this.inference.resolve(type));

  #find(node: Node, locals: Locals): CelType {
    switch (node.kind) {
      case 'literal':
        return NAMED_TYPES.get(kindOf(node.value)) ?? DYN;
      case 'identifier':
      case 'select':
        return this.#name(node, locals);
      case 'has':
        this.#select(node.operand, node.field, node, locals);
        return BOOL;
      case 'call':
        return this.#call(node, locals);
      case 'list':
        return this.#list(node, locals);
      case 'map':
        return this.#map(node, locals);
      case 'message':
        return this.fail(`undeclared reference to '${node.name}': there are no message types`, node);
      default:
        return checkMacro(this, node, locals);
    }
  }

  #name(node: Extract<Node, { kind: 'identifier' | 'select' }>, locals: Locals): CelType {
    const root = rootName(node);
    const local = root === undefined ? undefined : locals.get(root);
    if (local !== undefined && node.kind === 'identifier') return local;
    const isField = node.kind === 'select' && this.#isPlain && this.#declarations.variables.has(root ?? '');
    const name = local === undefined && !isField ? qualifiedName(node) : undefined;
    if (name !== undefined) {
      for (const candidate of candidates(name, this.#declarations.container)) {
        const declared = this.#declarations.variables.get(candidate);
        if (declared !== undefined) {
          this.references.add(candidate);
          return declared;
        }
        const named = NAMED_TYPES.get(candidate);
        if (named !== undefined) return typeOf(named);
      }
    }
    if (node.kind === 'identifier') return this.fail(`undeclared reference to '${node.name}'`, node);
    return this.#select(node.operand, node.field, node, locals);
  }

  #select(operand: Node, field: string, node: Node, locals: Locals): CelType {
    return this.#fieldOf(this.check(operand, locals), field, node);
  }

  /** The type of a field; of an optional, it is optional too. */
  #fieldOf(given: CelType, field: string, node: Node): CelType {
    const type = this.inference.find(given);
    if (type.name === 'dyn') return DYN;
    if (isParameter(type)) {
      this.inference.assignAll([DYN], [type]);
      return DYN;
    }
    if (type.name === 'optional_type') return optionalOf(this.#fieldOf(type.parameters[0] ?? DYN, field, node));
    if (type.name === 'map') return type.parameters[1] ?? DYN;
    if (type.fields !== undefined)
      return type.fields.get(field) ?? this.fail(`'${type.name}' has no field '${field}'`, node);
    return this.fail(`type '${this.format(type)}' does not support field selection`, node);
  }

  #call(node: Extract<Node, { kind: 'call' }>, locals: Locals): CelType {
    if (node.name === '_?._') {
      const [operand, field] = node.operands as [Node, Node];
      this.check(field, locals);
      const name = field.kind === 'literal' ? String(field.value) : '';
      const type = this.#fieldOf(this.check(operand, locals), name, node);
      return this.inference.find(type).name === 'optional_type' ? type : optionalOf(type);
    }
    const operator = node.target === undefined ? OPERATORS.get(node.name) : undefined;
    if (operator !== undefined) return this.#operate(node, operator, locals);
    const {
      name,
      overloads: known,
      operands,
    } = functionsOf(node, this.#declarations.container, (root) => locals.has(root), this.#declarations.functions);
    const overloads = known.filter(this.#declarations.isDeclared);
    if (overloads.length === 0) return this.fail(`unknown function ${name}()`, node);
    const { result, fitting } = this.#apply(name, overloads, this.#checkAll(operands, locals), node);
    this.calls.set(node, fitting);
    if (name === 'matches') this.#checkPattern(operands[1]);
    return result;
  }

  #checkAll = (nodes: readonly Node[], locals: Locals): CelType[] => nodes.map((node) => this.check(node, locals));

  /** Operands of any type need no look at the overloads. */
  #operate(node: Extract<Node, { kind: 'call' }>, overloads: readonly Signature[], locals: Locals): CelType {
    const given = this.#checkAll(node.operands, locals);
    if (given.every((type) => type === DYN)) return resultForDyn(node.name, overloads);
    return this.#apply(node.name, overloads, given, node).result;
  }

  /** A pattern that is written out is wrong at once, not when it is first used. */
  #checkPattern(node: Node | undefined): void {
    if (node?.kind !== 'literal' || typeof node.value !== 'string') return;
    const compiled = compilePattern(node.value);
    if (compiled instanceof CelError) this.fail(compiled.$message, node);
  }

  #apply<T extends Signature>(
    name: string,
    overloads: readonly T[],
    given: readonly CelType[],
    node: Node,
  ): { result: CelType; fitting: T[] } {
    const fitting: T[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.operands.length !== given.length) continue;
      const { result: type, operands: wanted } = isGeneric(overload) ? this.#instantiate(overload) : overload;
      if (!this.inference.assignAll(given, wanted)) continue;
      fitting.push(overload);
      const resolved = this.inference.resolve(type);
      if (result === undefined) result = resolved;
      else if (!isExactly(result, resolved)) result = DYN;
    }
    if (result !== undefined) return { result, fitting };
    const types = given.map(this.format);
    const applied =
      node.kind === 'call' && node.target !== undefined
        ? `${types[0]}.(${types.slice(1).join(', ')})`
        : `(${types.join(', ')})`;
    return this.fail(`found no matching overload for '${name}' applied to '${applied}'`, node);
  }

  #instantiate({ operands, result }: Signature): Signature {
    const [first, ...rest] = this.inference.instantiate([result, ...operands]) as [CelType, ...CelType[]];
    return { operands: rest, result: first };
  }

  #list(node: Extract<Node, { kind: 'list' }>, locals: Locals): CelType {
    let element: CelType | undefined;
    node.elements.forEach((item, index) => {
      const type = this.check(item, locals);
      element = this.inference.join(element, node.optional?.has(index) ? this.#inside(type, item) : type);
    });
    return listOf(element ?? this.inference.fresh());
  }

  #map(node: Extract<Node, { kind: 'map' }>, locals: Locals): CelType {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of node.entries) {
      const found = this.inference.find(this.check(entry.key, locals));
      /* Also keeps types small: only values nest. */
      if (found.parameters.length > 0) this.fail(`a key of a map cannot be of type '${this.format(found)}'`, entry.key);
      key = this.inference.join(key, found);
      const type = this.check(entry.value, locals);
      value = this.inference.join(value, entry.optional ? this.#inside(type, entry.value) : type);
    }
    return mapOf(key ?? this.inference.fresh(), value ?? this.inference.fresh());
  }

  /** What is inside an optional that stands behind a `?`. */
  #inside(type: CelType, node: Node): CelType {
    const inside = this.inference.fresh();
    if (this.inference.assignAll([type], [optionalOf(inside)])) return this.inference.find(inside);
    return this.fail(`expected type 'optional_type(dyn)' but found '${this.format(type)}'`, node);
  }
}
