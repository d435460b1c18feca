import { UserError } from '@breakwater/model';
import type { Invocation } from './command.ts';

/** The value of `--output`, one of those that the command can write; the first is the default. */
export function outputOption<T extends string>(invocation: Invocation, formats: readonly [T, ...T[]]): T {
  const wanted = invocation.options['output'] ?? formats[0];
  const found = formats.find((format) => format === wanted);
  if (found) return found;
  throw new UserError(`There is no output '${String(wanted)}' here.`, {
    code: 'output-unknown',
    hint: `Choose one of: ${formats.join(', ')}.`,
  });
}

/** A positive whole number given as an option. */
export function readCount(invocation: Invocation, name: string, otherwise: number): number {
  const text = invocation.options[name];
  if (text === undefined) return otherwise;
  if (typeof text === 'string' && /^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UserError(`--${name} takes a positive number, not '${String(text)}'.`, { code: 'option-invalid' });
}

/** `--port`: 0 asks the system for a free one. */
export function readPort(invocation: Invocation, otherwise: number): number {
  const text = invocation.options['port'];
  if (text === undefined) return otherwise;
  const port = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UserError(`--port takes a number up to 65535, not '${String(text)}'.`, { code: 'option-invalid' });
}
