import { describe, expect, it } from 'vitest';
import type { Invocation } from './command.ts';
import { outputOption, readCount, readPort } from './options.ts';

const given = (options: Invocation['options']): Invocation => ({
  name: 'rank',
  positionals: [],
  options,
  state: '',
  signal: new AbortController().signal,
});

describe('outputOption', () => {
  it('is the first format unless another is asked for', () => {
    expect(outputOption(given({}), ['table', 'json'])).toBe('table');
    expect(outputOption(given({ output: 'json' }), ['table', 'json'])).toBe('json');
  });

  it('names the formats that there are', () => {
    expect(() => outputOption(given({ output: 'xml' }), ['table', 'json'])).toThrow(
      expect.objectContaining({ code: 'output-unknown', hint: 'Choose one of: table, json.' }),
    );
  });
});

describe('readCount', () => {
  it.each([
    [undefined, 10],
    ['1', 1],
    ['9999999', 9_999_999],
  ])('reads %s as %i', (text, count) => {
    expect(readCount(given({ top: text }), 'top', 10)).toBe(count);
  });

  it.each(['0', '-1', '1.5', '1e3', 'ten', '', '99999999'])('refuses %s', (text) => {
    expect(() => readCount(given({ top: text }), 'top', 10)).toThrow(
      expect.objectContaining({ code: 'option-invalid' }),
    );
  });
});

describe('readPort', () => {
  it.each([
    [undefined, 7070],
    ['0', 0],
    ['65535', 65_535],
  ])('reads %s as %i', (text, port) => {
    expect(readPort(given({ port: text }), 7070)).toBe(port);
  });

  it.each(['65536', '-1', 'http', '', '123456'])('refuses %s', (text) => {
    expect(() => readPort(given({ port: text }), 7070)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });
});
