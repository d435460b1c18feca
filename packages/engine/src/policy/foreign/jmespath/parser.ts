import type { Comparator, Node } from './ast.ts';
import { JmesPathError } from './jmespath-error.ts';
import { type Token, tokenize } from './lexer.ts';

/** How strongly operators bind; what is not here binds nothing. */
const POWERS: Readonly<Record<string, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '[]': 9,
  '*': 20,
  '[?': 21,
  '.': 40,
  '!': 39,
  '{': 50,
  '[': 55,
  '(': 60,
};
/** Below it a projection ends. */
const PROJECTION_STOP = 10;
const MAX_DEPTH = 100;
const CURRENT: Node = { kind: 'current' };

/** Reads an expression; throws `JmesPathError` where it is none. */
export function parseJmesPath(source: string): Node {
  const parser = new Parser(tokenize(source));
  const node = parser.expression(0);
  parser.expect('end');
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #is(kind: string): boolean {
    return this.#peek().kind === kind;
  }

  #accept(kind: string): boolean {
    if (!this.#is(kind)) return false;
    this.#next++;
    return true;
  }

  expect(kind: string): Token {
    const token = this.#take();
    if (token.kind !== kind) this.#fail(token, `expected ${kind}`);
    return token;
  }

  #fail(token: Token, why: string): never {
    const found = token.kind === 'end' ? 'the end' : JSON.stringify(token.value ?? token.kind);
    throw new JmesPathError(`column ${token.at + 1}: ${why}, found ${found}`);
  }

  expression(power: number): Node {
    if (++this.#depth > MAX_DEPTH) throw new JmesPathError('the expression is nested too deeply');
    let node = this.#prefix();
    while (power < (POWERS[this.#peek().kind] ?? 0)) node = this.#infix(node);
    this.#depth--;
    return node;
  }

  #prefix(): Node {
    const token = this.#take();
    switch (token.kind) {
      case 'literal':
        return { kind: 'literal', value: token.value };
      case 'name':
        return { kind: 'field', name: String(token.value) };
      case 'quoted':
        if (this.#is('(')) this.#fail(this.#peek(), 'the name of a function stands without quotes');
        return { kind: 'field', name: String(token.value) };
      case '@':
        return CURRENT;
      case '*':
        return { kind: 'project-values', source: CURRENT, right: this.#projected() };
      case '!':
        return { kind: 'not', operand: this.expression(POWERS['!'] as number) };
      case '&':
        return { kind: 'reference', expression: this.expression(0) };
      case '(': {
        const inner = this.expression(0);
        this.expect(')');
        return inner;
      }
      case '{':
        return this.#hash();
      case '[]':
        return { kind: 'project', source: { kind: 'flatten', source: CURRENT }, right: this.#projected() };
      case '[?':
        return this.#filter(CURRENT);
      case '[':
        return this.#isBracket() ? this.#bracket(CURRENT) : this.#list();
      default:
        return this.#fail(token, 'expected an expression');
    }
  }

  #infix(left: Node): Node {
    const token = this.#take();
    const power = POWERS[token.kind] as number;
    switch (token.kind) {
      case '.':
        return this.#dot(left);
      case '|':
        return { kind: 'pipe', left, right: this.expression(power) };
      case '||':
        return { kind: 'or', left, right: this.expression(power) };
      case '&&':
        return { kind: 'and', left, right: this.expression(power) };
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { kind: 'compare', operator: token.kind as Comparator, left, right: this.expression(power) };
      case '[]':
        return { kind: 'project', source: { kind: 'flatten', source: left }, right: this.#projected() };
      case '[?':
        return this.#filter(left);
      case '[':
        return this.#bracket(left);
      case '(':
        return this.#call(left, token);
      default:
        return this.#fail(token, 'unexpected');
    }
  }

  #dot(left: Node): Node {
    if (this.#accept('*')) return { kind: 'project-values', source: left, right: this.#projected() };
    return { kind: 'chain', left, right: this.#afterDot() };
  }

  #afterDot(): Node {
    const { kind } = this.#peek();
    if (kind === 'name' || kind === 'quoted') return this.expression(POWERS['.'] as number);
    if (this.#accept('[')) return this.#list();
    if (this.#accept('{')) return this.#hash();
    return this.#fail(this.#peek(), 'expected a field');
  }

  /** What is applied to each element of a projection: as much as stands there. */
  #projected(): Node {
    const { kind } = this.#peek();
    if ((POWERS[kind] ?? 0) < PROJECTION_STOP) return CURRENT;
    if (this.#accept('.')) {
      return this.#accept('*')
        ? { kind: 'project-values', source: CURRENT, right: this.#projected() }
        : this.#continued(this.#afterDot());
    }
    if (kind === '[' || kind === '[?') return this.#continued(this.#prefix());
    return this.#fail(this.#peek(), 'unexpected');
  }

  /** Goes on with what binds more strongly than a projection. */
  #continued(node: Node): Node {
    let current = node;
    while ((POWERS[this.#peek().kind] ?? 0) > PROJECTION_STOP) current = this.#infix(current);
    return current;
  }

  #isBracket(): boolean {
    const { kind } = this.#peek();
    return kind === 'number' || kind === ':' || (kind === '*' && this.#peek(1).kind === ']');
  }

  /** An index, a slice or `[*]`. */
  #bracket(left: Node): Node {
    if (this.#is('*') && this.#peek(1).kind === ']') {
      this.#next += 2;
      return { kind: 'project', source: left, right: this.#projected() };
    }
    const parts: (number | undefined)[] = [undefined, undefined, undefined];
    let part = 0;
    while (!this.#accept(']')) {
      if (this.#accept(':')) {
        if (++part > 2) this.#fail(this.#peek(), 'too many colons');
      } else parts[part] = Number(this.expect('number').value);
    }
    const [start, stop, step] = parts;
    if (part > 0) {
      if (step === 0) this.#fail(this.#peek(), 'a step of 0');
      return { kind: 'project', source: { kind: 'slice', source: left, start, stop, step }, right: this.#projected() };
    }
    if (start === undefined) return this.#fail(this.#peek(), 'expected an index');
    return { kind: 'chain', left, right: { kind: 'index', index: start } };
  }

  #filter(source: Node): Node {
    const condition = this.expression(0);
    this.expect(']');
    return { kind: 'filter', source, condition, right: this.#projected() };
  }

  #list(): Node {
    const items: Node[] = [];
    do items.push(this.expression(0));
    while (this.#accept(','));
    this.expect(']');
    return { kind: 'list', items };
  }

  #hash(): Node {
    const entries: [string, Node][] = [];
    do {
      const key = this.#take();
      if (key.kind !== 'name' && key.kind !== 'quoted') this.#fail(key, 'expected a key');
      this.expect(':');
      entries.push([String(key.value), this.expression(0)]);
    } while (this.#accept(','));
    this.expect('}');
    return { kind: 'hash', entries };
  }

  #call(left: Node, token: Token): Node {
    if (left.kind !== 'field') return this.#fail(token, 'only a name can be called');
    const operands: Node[] = [];
    while (!this.#accept(')')) {
      if (operands.length > 0) this.expect(',');
      operands.push(this.expression(0));
    }
    return { kind: 'call', name: left.name, operands };
  }
}
