import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './parse-dockerfile.ts';

const parse = (text: string) => parseDockerfile(text, 'Dockerfile');

describe('parseDockerfile', () => {
  it('describes the final stage, with arguments filled in', () => {
    const text = `ARG VERSION=20\nARG BASE=node:\${VERSION}-slim\nFROM golang:1.24 AS build\nUSER nobody\n\nFROM --platform=linux/amd64 $BASE\nARG VERSION\nENV PORT=8080 OTHER="a b"\nEXPOSE \${PORT} 9090/udp\nUSER \${UID:-10001}:\${GID:-10001}\n`;
    expect(parse(text)).toMatchObject({
      baseImage: 'node:20-slim',
      user: '10001:10001',
      exposedPorts: ['8080', '9090/udp'],
      instructions: [
        { line: 6, keyword: 'FROM' },
        { line: 7, keyword: 'ARG', value: 'VERSION' },
        { line: 8, keyword: 'ENV' },
        { line: 9, keyword: 'EXPOSE' },
        { line: 10, keyword: 'USER' },
      ],
    });
  });

  it('follows stages built on stages', () => {
    const text = 'FROM alpine:3 AS base\nUSER app\nEXPOSE 80\nFROM base\nCMD ["x"]\n';
    expect(parse(text)).toMatchObject({ baseImage: 'alpine:3', user: 'app', exposedPorts: ['80'] });
  });

  it('joins continuations, with comments and blank lines between', () => {
    const { instructions } = parse('FROM a\nRUN one \\\n  # a comment\n\n  two\nrun three\n');
    expect(instructions).toEqual([
      { line: 1, keyword: 'FROM', value: 'a' },
      { line: 2, keyword: 'RUN', value: 'one   two' },
      { line: 6, keyword: 'RUN', value: 'three' },
    ]);
  });

  it('obeys the escape directive', () => {
    const { instructions } = parse('# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN dir C:\\\nRUN b `\n c\n');
    expect(instructions.map(({ line, value }) => [line, value])).toEqual([
      [3, 'a'],
      [4, 'dir C:\\'],
      [5, 'b  c'],
    ]);
  });

  it('reads heredocs as part of their instruction', () => {
    const { instructions } = parse(
      'FROM a\nRUN <<EOF sh\nFROM not-a-stage\nEOF\nCOPY <<-"A" <<B /x/\n\tUSER root\n\tA\nb\nB\nUSER app\n',
    );
    expect(instructions.map(({ line, keyword }) => [line, keyword])).toEqual([
      [1, 'FROM'],
      [2, 'RUN'],
      [5, 'COPY'],
      [10, 'USER'],
    ]);
  });

  it('leaves what has no value as written', () => {
    expect(parse('ARG REGISTRY\nFROM $REGISTRY/app\n').baseImage).toBe('$REGISTRY/app');
  });

  it('reads Windows line ends and a byte order mark', () => {
    expect(parse('\uFEFFFROM a\r\nUSER b\r\n')).toMatchObject({ baseImage: 'a', user: 'b' });
  });

  it('never throws and never hangs, whatever the text', () => {
    const piece = fc.constantFrom(
      'FROM ',
      'a AS b\n',
      'ARG a=$a$a\n',
      'RUN <<E\n',
      'E\n',
      '\\\n',
      '# escape=`\n',
      '${',
      ':-',
      '}',
      '"',
      "'",
      'ENV ',
      '\t',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(parse(pieces.join('')).path).toBe('Dockerfile');
      }),
      { numRuns: 2000 },
    );
    const doubling = `ARG a0=xxxxxxxx\n${Array.from({ length: 40 }, (_, at) => `ARG a${at + 1}=$a${at}$a${at}\n`).join('')}FROM $a40\n`;
    expect(parse(doubling).baseImage?.length).toBeLessThan(10_000);
  });
});
