import { type EntryNode, type Node, qualifiedName, withDepth } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { type Token, tokenize } from './lexer.ts';
import { MAX_NESTING, MAX_SOURCE_LENGTH, MAX_TREE_DEPTH } from './limits.ts';
import { expandMacro } from './macros.ts';
import { numberLiteral } from './number-literals.ts';

/** How strongly operators between two operands bind, the loosest first, and the names of their calls. */
const OPERATORS: ReadonlyMap<string, { rank: number; name: string }> = new Map(
  [
    ['<', '<=', '>', '>=', '==', '!=', 'in'],
    ['+', '-'],
    ['*', '/', '%'],
  ].flatMap((symbols, index) =>
    symbols.map((symbol) => [symbol, { rank: index + 1, name: symbol === 'in' ? '@in' : `_${symbol}_` }] as const),
  ),
);
const KEYWORDS = new Set(['in', 'true', 'false', 'null']);
const RESERVED = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** Parses the whole grammar of CEL; throws `ExpressionError` with line and column. */
export function parse(source: string): Node {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new ExpressionError(`the expression is longer than ${MAX_SOURCE_LENGTH} characters`, source, 0);
  }
  const parser = new Parser(source, tokenize(source));
  const node = parser.expression();
  parser.expectEnd();
  return node;
}

class Parser {
  readonly #source: string;
  readonly #tokens: Token[];
  #position = 0;
  #nesting = 0;

  constructor(source: string, tokens: Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  /** `Expr = ConditionalOr ["?" ConditionalOr ":" Expr]`. */
  expression(): Node {
    const start = this.#peek().start;
    if (++this.#nesting > MAX_NESTING) this.#fail(`nested deeper than ${MAX_NESTING}`, start);
    const condition = this.#disjunction();
    let node = condition;
    if (this.#take('?')) {
      const yes = this.#disjunction();
      this.#expect(':');
      node = this.#call('_?_:_', [condition, yes, this.expression()], start);
    }
    this.#nesting--;
    return node;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token.type !== 'end') this.#unexpected(token);
  }

  #disjunction(): Node {
    const { start } = this.#peek();
    const first = this.#conjunction();
    if (!this.#is('||')) return first;
    const terms = [first];
    while (this.#take('||')) terms.push(this.#conjunction());
    return this.#chain('_||_', terms, start);
  }

  #conjunction(): Node {
    const { start } = this.#peek();
    const first = this.#operation(1);
    if (!this.#is('&&')) return first;
    const terms = [first];
    while (this.#take('&&')) terms.push(this.#operation(1));
    return this.#chain('_&&_', terms, start);
  }

  /** Terms of `&&` or `||` as a balanced tree: the order of evaluation stays, long chains stay flat. */
  #chain(name: string, terms: readonly Node[], start: number, from = 0, to = terms.length): Node {
    if (to - from === 1) return terms[from] as Node;
    const middle = (from + to + 1) >> 1;
    const operands = [this.#chain(name, terms, start, from, middle), this.#chain(name, terms, start, middle, to)];
    return this.#call(name, operands, start);
  }

  /** Operands and what stands between them, from left to right, as far as it binds no looser than `least`. */
  #operation(least: number): Node {
    let node = this.#unary();
    while (true) {
      const { type, text, start } = this.#peek();
      const operator = type === 'symbol' || type === 'identifier' ? OPERATORS.get(text) : undefined;
      if (operator === undefined || operator.rank < least) return node;
      this.#position++;
      node = this.#call(operator.name, [node, this.#operation(operator.rank + 1)], start);
    }
  }

  /** `!` and `-` repeat; a minus directly before a number belongs to it, so that the least int can be written. */
  #unary(): Node {
    if (!this.#is('!') && !this.#is('-')) return this.#member(false);
    const operators: Token[] = [];
    while (this.#is('!') || this.#is('-')) operators.push(this.#next());
    if (operators.some((token) => token.text !== operators[0]?.text)) this.#unexpected(operators[1] as Token);
    const literal = this.#peek();
    const negative = operators.at(-1)?.text === '-' && (literal.type === 'int' || literal.type === 'double');
    if (negative) operators.pop();
    let node = this.#member(negative);
    for (const token of operators.reverse()) node = this.#call(token.text === '!' ? '!_' : '-_', [node], token.start);
    return node;
  }

  #member(negative: boolean): Node {
    let node = this.#primary(negative);
    while (true) {
      const { start } = this.#peek();
      if (this.#take('.')) node = this.#field(node, start);
      else if (this.#take('[')) {
        const name = this.#take('?') ? '_[?_]' : '_[_]';
        node = this.#call(name, [node, this.expression()], start);
        this.#expect(']');
      } else if (this.#is('{') && qualifiedName(node) !== undefined)
        node = this.#message(qualifiedName(node) ?? '', start);
      else return node;
    }
  }

  #field(operand: Node, start: number): Node {
    const optional = this.#take('?');
    const token = this.#next();
    const quoted = token.type === 'quoted-identifier';
    if (!quoted && (token.type !== 'identifier' || KEYWORDS.has(token.text))) this.#unexpected(token);
    if (optional) {
      const field = this.#node({ kind: 'literal', value: token.text, start: token.start });
      return this.#call('_?._', [operand, field], start);
    }
    if (quoted || !this.#take('(')) return this.#node({ kind: 'select', operand, field: token.text, start });
    return this.#callOrMacro(token.text, this.#operands(), start, operand);
  }

  #primary(negative: boolean): Node {
    const token = this.#next();
    const { start } = token;
    switch (token.type) {
      case 'int':
      case 'uint':
      case 'double':
        return this.#node({ kind: 'literal', value: numberLiteral(token, negative, this.#source), start });
      case 'string':
        return this.#node({ kind: 'literal', value: token.text, start });
      case 'bytes':
        return this.#node({ kind: 'literal', value: token.bytes ?? new Uint8Array(), start });
      case 'identifier':
        return this.#name(token, '');
      case 'symbol':
        return this.#bracketed(token);
      default:
        return this.#unexpected(token);
    }
  }

  #name(token: Token, prefix: string): Node {
    const { text, start } = token;
    if (token.type !== 'identifier') this.#unexpected(token);
    if (text === 'true' || text === 'false') return this.#node({ kind: 'literal', value: text === 'true', start });
    if (text === 'null') return this.#node({ kind: 'literal', value: null, start });
    if (KEYWORDS.has(text)) this.#unexpected(token);
    if (RESERVED.has(text)) this.#fail(`'${text}' is reserved`, start);
    if (this.#take('(')) return this.#callOrMacro(prefix + text, this.#operands(), start);
    return this.#node({ kind: 'identifier', name: prefix + text, start });
  }

  #bracketed(token: Token): Node {
    const { start } = token;
    if (token.text === '(') {
      const node = this.expression();
      this.#expect(')');
      return node;
    }
    if (token.text === '[') return this.#elements(start);
    if (token.text === '.') return this.#name(this.#next(), '.');
    if (token.text !== '{') return this.#unexpected(token);
    const entries: EntryNode[] = [];
    while (!this.#take('}')) {
      const optional = this.#take('?');
      const key = this.expression();
      this.#expect(':');
      entries.push({ key, value: this.expression(), optional });
      if (!this.#is('}')) this.#expect(',');
    }
    return this.#node({ kind: 'map', entries, start });
  }

  #message(name: string, start: number): Node {
    const fields: { name: string; value: Node }[] = [];
    this.#expect('{');
    while (!this.#take('}')) {
      this.#take('?');
      const field = this.#next();
      if (field.type !== 'identifier' && field.type !== 'quoted-identifier') this.#unexpected(field);
      this.#expect(':');
      fields.push({ name: field.text, value: this.expression() });
      if (!this.#is('}')) this.#expect(',');
    }
    return this.#node({ kind: 'message', name, fields, start });
  }

  /** The elements of a list, which may end in a comma; `?` marks those that may be left out. */
  #elements(start: number): Node {
    const elements: Node[] = [];
    const optional = new Set<number>();
    while (!this.#take(']')) {
      if (this.#take('?')) optional.add(elements.length);
      elements.push(this.expression());
      if (!this.#is(']')) this.#expect(',');
    }
    return this.#node({ kind: 'list', elements, ...(optional.size > 0 ? { optional } : {}), start });
  }

  #operands(): Node[] {
    const nodes: Node[] = [];
    if (this.#take(')')) return nodes;
    do nodes.push(this.expression());
    while (this.#take(','));
    this.#expect(')');
    return nodes;
  }

  #callOrMacro(name: string, operands: Node[], start: number, target?: Node): Node {
    const macro = expandMacro({ name, target, operands, start }, this.#make, this.#fail);
    return macro ?? this.#node({ kind: 'call', name, target, operands, start });
  }

  #call(name: string, operands: Node[], start: number): Node {
    return this.#node({ kind: 'call', name, operands, start });
  }

  #node(shape: Parameters<typeof withDepth>[0]): Node {
    const node = withDepth(shape);
    if (node.depth > MAX_TREE_DEPTH) this.#fail(`more than ${MAX_TREE_DEPTH} operations deep`, node.start);
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#position] as Token;
  }

  #is(symbol: string): boolean {
    const { type, text } = this.#peek();
    return text === symbol && type === 'symbol';
  }

  #next(): Token {
    const token = this.#peek();
    if (token.type !== 'end') this.#position++;
    return token;
  }

  #take(symbol: string): boolean {
    const found = this.#is(symbol);
    if (found) this.#position++;
    return found;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) this.#fail(`expected '${symbol}', found ${describe(this.#peek())}`, this.#peek().start);
  }

  #unexpected(token: Token): never {
    return this.#fail(`unexpected ${describe(token)}`, token.start);
  }

  readonly #make = (shape: Parameters<typeof withDepth>[0]): Node => this.#node(shape);

  readonly #fail = (message: string, offset: number): never => {
    throw new ExpressionError(message, this.#source, offset);
  };
}

const describe = (token: Token): string => (token.type === 'end' ? token.text : `'${token.text}'`);
