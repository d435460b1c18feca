import type { Step } from './random-steps.ts';

/** Largest input that is made. */
export const LARGEST = 192 * 1024;

const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Texts that parsers have fallen over before. */
const TOKENS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', '..', '../../etc/passwd', '/', '\\', '%00', '\0', '\u202e'],
  ...[
    '-1',
    '0',
    '1e308',
    '99999999999999999999',
    '0x7fffffff',
    'NaN',
    'null',
    'true',
    '""',
    "''",
    '{}',
    '[]',
    '{',
    '[',
  ],
  ...[
    '\n',
    '\r\n',
    '\t',
    ' ',
    '  ',
    ':',
    '=',
    '@',
    '#',
    ',',
    ';',
    '|',
    '&a',
    '*a',
    '!!js/function',
    '<<',
    '---',
    '%',
    '~',
    '^',
  ],
  ...[
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '\ufeff',
    '\ud800',
    'é',
    '🦊',
    '\u0000\u0001',
  ],
];

type Mutation = (bytes: Buffer, step: Step, other: Uint8Array) => Buffer;

const replaced = (bytes: Buffer, start: number, end: number, middle: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)]);

/** Position within the bytes, both ends included. */
const position = (bytes: Uint8Array, at: number): number => at % (bytes.length + 1);

const MUTATIONS: Mutation[] = [
  function flipBit(bytes, { at, pick }) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at % copy.length]! ^= 1 << (pick % 8);
    return copy;
  },
  function setByte(bytes, { at, pick }) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at % copy.length] = pick;
    return copy;
  },
  function removeRange(bytes, { at, length }) {
    const start = position(bytes, at);
    return replaced(bytes, start, start + length + 1, Buffer.alloc(0));
  },
  function truncate(bytes, { at }) {
    return Buffer.from(bytes.subarray(0, position(bytes, at)));
  },
  function insertToken(bytes, { at, pick }) {
    const start = position(bytes, at);
    return replaced(bytes, start, start, Buffer.from(TOKENS[pick % TOKENS.length]!));
  },
  function overwriteNumber(bytes, { at, length, pick }) {
    const width = [1, 2, 4, 8][length % 4]!;
    const value = NUMBERS[pick % NUMBERS.length]!;
    const number = Buffer.alloc(8);
    number.writeUInt32LE(value, 0);
    const part = pick & 0x10000 ? number.subarray(0, width) : Buffer.from(number.subarray(0, width)).reverse();
    const start = position(bytes, at);
    return replaced(bytes, start, start + width, part);
  },
  function growNumber(bytes, { at, pick }) {
    const text = bytes.toString('latin1');
    const digits = [...text.slice(0, LARGEST).matchAll(/\d{1,20}/g)];
    const found = digits[at % Math.max(1, digits.length)];
    if (found === undefined) return bytes;
    const number = ['-1', '0', '4294967296', '9'.repeat(40), '1e999', '00', '1.5'][pick % 7]!;
    return replaced(bytes, found.index, found.index + found[0].length, Buffer.from(number));
  },
  function repeatRange(bytes, { at, length, pick }) {
    const start = position(bytes, at);
    const range = bytes.subarray(start, start + (length % 256) + 1);
    const times = Math.min(pick % 3 === 0 ? 10_000 : 1 + (pick % 64), Math.floor(65_536 / Math.max(1, range.length)));
    return replaced(bytes, start, start, Buffer.concat(Array<Buffer>(times).fill(range)));
  },
  function splice(bytes, { at, length, pick }, other) {
    const start = position(bytes, at);
    const from = position(other, pick);
    return replaced(bytes, start, start + (length % 64), other.subarray(from, from + length + 1));
  },
  function swapLines(bytes, { at, pick }) {
    const lines = bytes.toString('latin1').split('\n');
    const [one, two] = [at % lines.length, pick % lines.length];
    [lines[one], lines[two]] = [lines[two]!, lines[one]!];
    return Buffer.from(lines.join('\n'), 'latin1');
  },
  function indentLine(bytes, { at, pick }) {
    const lines = bytes.toString('latin1').split('\n');
    const line = at % lines.length;
    lines[line] = pick % 2 === 0 ? ' '.repeat(pick % 9) + lines[line]! : lines[line]!.trimStart();
    return Buffer.from(lines.join('\n'), 'latin1');
  },
  function replaceValue(bytes, { at, pick }) {
    const lines = bytes.toString('latin1').split('\n');
    const line = at % lines.length;
    const token = Buffer.from(TOKENS[pick % TOKENS.length]!).toString('latin1');
    lines[line] = lines[line]!.replace(/([:=]\s{0,8}).*$/, (_, mark: string) => mark + token);
    return Buffer.from(lines.join('\n'), 'latin1');
  },
];

/** The input after one step; `other` is a second seed to take pieces from. */
export function mutateBytes(bytes: Buffer, step: Step, other: Uint8Array): Buffer {
  return MUTATIONS[step.kind % MUTATIONS.length]!(bytes, step, other).subarray(0, LARGEST);
}
