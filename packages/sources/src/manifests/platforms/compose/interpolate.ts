import type { Place } from '@breakwater/model';
import type { Interpolated } from '../written.ts';

/** Variables of a project, each with the line of the file that sets it. */
export type Variables = ReadonlyMap<string, { value: string; place: Place }>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
/** Defaults may hold variables in turn; nobody nests deeper. */
const MAX_DEPTH = 8;

/**
 * Replaces `$NAME` and `${NAME}` with `:-`, `-`, `:?`, `?`, `:+` and `+` as the Compose Specification says ("Interpolation");
 * `$$` is a dollar. A variable without a value and without a default stays in the text as `${NAME}` and is listed: Compose
 * would put nothing there, but it is meant to be given when the project is started.
 */
export function interpolate(text: string, variables: Variables): Interpolated {
  const unset = new Set<string>();
  const places: Place[] = [];
  const result = replace(text, { variables, unset, places }, 0);
  return { text: result, unset: [...unset], ...(places[0] && { from: places[0] }) };
}

interface Replacing {
  variables: Variables;
  unset: Set<string>;
  places: Place[];
}

function replace(text: string, replacing: Replacing, depth: number): string {
  let result = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
    result += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === '$') {
      result += '$';
      at = dollar + 2;
    } else if (next === '{') {
      const end = closingBrace(text, dollar + 2);
      result += end === -1 ? text.slice(dollar) : replaceBraced(text.slice(dollar + 2, end), replacing, depth);
      at = end === -1 ? text.length : end + 1;
    } else {
      const name = NAME.exec(text.slice(dollar + 1, dollar + 257))?.[0];
      result += name === undefined ? '$' : valueOfVariable(name, replacing);
      at = dollar + 1 + (name?.length ?? 0);
    }
  }
  return result + text.slice(at);
}

function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '$' && text[at + 1] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function replaceBraced(expression: string, replacing: Replacing, depth: number): string {
  const name = NAME.exec(expression)?.[0];
  if (name === undefined || depth > MAX_DEPTH) return `\${${expression}}`;
  const operator = /^:?[-?+]/.exec(expression.slice(name.length))?.[0];
  const operand = expression.slice(name.length + (operator?.length ?? 0));
  const known = replacing.variables.get(name);
  const there = known !== undefined && !(operator?.startsWith(':') && known.value === '');
  switch (operator?.at(-1)) {
    case '-':
      return there ? valueOfVariable(name, replacing) : replace(operand, replacing, depth + 1);
    case '+':
      return there ? replace(operand, replacing, depth + 1) : '';
    case '?':
      return there ? valueOfVariable(name, replacing) : unsetText(name, replacing);
    default:
      return valueOfVariable(name, replacing);
  }
}

function valueOfVariable(name: string, replacing: Replacing): string {
  const known = replacing.variables.get(name);
  if (known === undefined) return unsetText(name, replacing);
  replacing.places.push(known.place);
  return known.value;
}

function unsetText(name: string, { unset }: Replacing): string {
  unset.add(name);
  return `\${${name}}`;
}
