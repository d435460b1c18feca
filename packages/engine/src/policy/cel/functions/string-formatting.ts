import { recode, traverse } from '../cost/prices.ts';
import { formatValue } from '../format-text.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { DYN, listOf, STRING } from '../types.ts';
import { adapt, CelError, type Failure, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

const CLAUSE = /%(?:(%)|(?:\.([0-9]{1,3}))?([a-zA-Z])|)/g;
const ESCAPES: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** Puts values into the clauses of a text: `%s`, `%d`, `%f`, `%e`, `%b`, `%o`, `%x`, `%X`. */
function format(frame: Frame, text: string, values: readonly unknown[]): Value {
  let used = 0;
  let failure: Failure | undefined;
  const result = text.replace(CLAUSE, (_, percent?: string, precision?: string, clause?: string) => {
    if (percent !== undefined) return '%';
    if (failure !== undefined) return '';
    if (clause === undefined) failure = new CelError('could not parse formatting clause');
    else if (used >= values.length) failure = new CelError(`index ${used} out of range`);
    else {
      const part = formatValue(frame, adapt(values[used++]), clause, precision === undefined ? 6 : Number(precision));
      if (typeof part === 'string') {
        labour(frame, traversal(part.length));
        return part;
      }
      failure = part;
    }
    return '';
  });
  return failure ?? result;
}

/** The text in quotes, as CEL and Go write it. */
function quote(frame: Frame, text: string): Value {
  labour(frame, traversal(text.length));
  const escaped = text.toWellFormed().replace(/[\x07-\r\\"]/g, (character) => ESCAPES[character] ?? character);
  return `"${escaped}"`;
}

const QUOTING = { ...recode(1, 2), pay: traverse(0).pay };

/** Formatting and quoting, of cel-go's strings extension. */
export const STRING_FORMATTING: FunctionDeclaration[] = [
  member('format', [STRING, listOf(DYN)], STRING, format, traverse(0)),
  global('strings.quote', [STRING], STRING, quote, QUOTING),
];
