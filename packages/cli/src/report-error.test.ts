import { mkdirSync } from 'node:fs';
import { UpstreamError, UserError } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { reportError } from './report-error.ts';

let stderr: MockInstance<typeof process.stderr.write>;

beforeEach(() => {
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => stderr.mockRestore());

const said = () => stderr.mock.calls.map(([text]) => String(text)).join('');

describe('reportError', () => {
  it.each([
    ['what the user can mend', new UserError('No such path.', { code: 'x', hint: 'Name another.' })],
    ['what failed elsewhere', new UpstreamError('No answer.', { code: 'x', hint: 'Name another.' })],
  ])('gives 2 for %s, with what to do next and no stack', (_, error) => {
    expect(reportError(error)).toBe(2);
    expect(said()).toBe(`breakwater: ${error.message}\n  Name another.\n`);
  });

  it('gives 2 for what the system refuses', () => {
    let refused: unknown;
    try {
      mkdirSync('/dev/null/below');
    } catch (error) {
      refused = error;
    }
    expect(reportError(refused)).toBe(2);
    expect(said()).toContain('/dev/null/below cannot be used: a part of the path is no folder.');
  });

  it('gives 2 when work was stopped', () => {
    expect(reportError(new DOMException('This operation was aborted', 'AbortError'))).toBe(2);
    expect(said()).toBe('breakwater: stopped.\n');
  });

  it.each([new TypeError('x is not a function'), 'text', undefined])('gives 70 for a bug of ours: %s', (error) => {
    expect(reportError(error)).toBe(70);
    expect(said()).toContain('this is a bug of ours');
  });

  it('keeps the stack of a bug', () => {
    reportError(new TypeError('x is not a function'));
    expect(said()).toContain('report-error.test.ts');
  });

  it('lets no message move the cursor', () => {
    reportError(new UserError('a\u001b[2Jb', { code: 'x' }));
    expect(said()).not.toContain('\u001b');
  });
});
