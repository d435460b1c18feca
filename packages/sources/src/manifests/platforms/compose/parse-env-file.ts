import type { Place } from '@breakwater/model';
import { interpolate, type Variables } from './interpolate.ts';

const MAX_LINES = 100_000;
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]/;

/**
 * Reads a file of variables (`.env`, `env_file`) as the Compose Specification says: comments, quotes, `export`, and variables
 * of the lines before, which `outer` overrides. A key without a value is left out: it comes from who starts the project.
 */
export function parseEnvFile(text: string, source: string, outer: Variables = new Map()): Variables {
  const variables = new Map<string, { value: string; place: Place }>();
  const lines = text.split(/\r?\n/, MAX_LINES);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const name = ASSIGNMENT.exec(line);
    if (name === null) continue;
    const place: Place = { source, line: at + 1, column: line.search(/\S/) + 1 };
    const raw = line.slice(name[0].length).trimStart();
    const quote = raw[0];
    if (quote !== '"' && quote !== "'") {
      const comment = raw.search(/(?:^|\s)#/);
      const value = (comment === -1 ? raw : raw.slice(0, comment)).trimEnd();
      variables.set(name[1]!, { value: withVariables(value, variables, outer), place });
      continue;
    }
    const { value, next } = readQuoted(lines, at, raw, quote);
    at = next;
    variables.set(name[1]!, { value: quote === '"' ? withVariables(value, variables, outer) : value, place });
  }
  return variables;
}

function withVariables(value: string, inner: Variables, outer: Variables): string {
  return value.includes('$') ? interpolate(value, new Map([...inner, ...outer])).text : value;
}

/* A quoted value may go over several lines; one that is never closed is the rest of its line. */
function readQuoted(lines: string[], start: number, raw: string, quote: string): { value: string; next: number } {
  let value = '';
  let rest = raw.slice(1);
  for (let at = start; at < lines.length && at < start + 1000; at += 1) {
    if (at > start) {
      value += '\n';
      rest = lines[at]!;
    }
    const end = closingQuote(rest, quote);
    value += end === -1 ? rest : rest.slice(0, end);
    if (end !== -1) return { value: quote === '"' ? withoutEscapes(value) : value, next: at };
  }
  return { value: raw.slice(1), next: start };
}

function closingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
