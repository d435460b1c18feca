import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, readNameAnswer, readNameStream } from './name-answers.ts';

const label = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])),
    Buffer.alloc(1),
  ]);
const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
const record = (owner: Buffer, type: number, content: Buffer): Buffer =>
  Buffer.concat([owner, u16(type, 1, 0, 60, content.length), content]);
/** To the question, which lies behind the head. */
const ASKED = Buffer.from([0xc0, 12]);

function answer(name: string, records: readonly Buffer[], flags = 0x8180): Buffer {
  return Buffer.concat([u16(7, flags, 1, records.length, 0, 0), label(name), u16(1, 1), ...records]);
}

describe('answers of name servers', () => {
  it('name addresses of both families, in lower case', () => {
    const six = Buffer.from('20010db8000000000000000000000001', 'hex');
    const bytes = answer('Api.Example.com', [record(ASKED, 1, Buffer.from([192, 0, 2, 7])), record(ASKED, 28, six)]);
    expect(readNameAnswer(bytes)).toEqual([
      { name: 'api.example.com', address: '192.0.2.7' },
      { name: 'api.example.com', address: '2001:db8::1' },
    ]);
  });

  it('follow other names, and take no address of a name that nobody asked for', () => {
    const bytes = answer('www.example.com', [
      record(ASKED, 5, label('cdn.example.net')),
      record(label('cdn.example.net'), 1, Buffer.from([192, 0, 2, 8])),
      record(label('bank.example.org'), 1, Buffer.from([192, 0, 2, 9])),
    ]);
    expect(readNameAnswer(bytes)).toEqual([{ name: 'www.example.com', address: '192.0.2.8' }]);
  });

  it('follow a chain of names in any order, and none that does not begin at the question', () => {
    const links = ['www.example.com', 'a.example.net', 'b.example.net', 'c.example.net'];
    const chain = links.slice(1).map((target, index) => record(label(links[index]!), 5, label(target)));
    const address = record(label('c.example.net'), 1, Buffer.from([192, 0, 2, 8]));
    const expected = [{ name: 'www.example.com', address: '192.0.2.8' }];
    expect(readNameAnswer(answer('www.example.com', [address, ...chain.toReversed()]))).toEqual(expected);
    const others = record(label('evil.example'), 5, label('bank.example'));
    const bank = record(label('bank.example'), 1, Buffer.from([192, 0, 2, 9]));
    expect(readNameAnswer(answer('www.example.com', [others, bank, ...chain, address]))).toEqual(expected);
    const circle = [
      record(label('a.example'), 5, label('b.example')),
      record(label('b.example'), 5, label('a.example')),
    ];
    expect(readNameAnswer(answer('a.example', circle))).toEqual([]);
  });

  it('are read from a connection: with their length before them, in one packet or cut, or without', () => {
    const bytes = answer('a.example', [
      record(ASKED, 1, Buffer.from([192, 0, 2, 7])),
      record(ASKED, 1, Buffer.from([1, 2, 3, 4])),
    ]);
    const [first, second] = [
      { name: 'a.example', address: '192.0.2.7' },
      { name: 'a.example', address: '1.2.3.4' },
    ];
    const sent = Buffer.concat([u16(bytes.length), bytes]);
    expect(readNameStream(sent)).toEqual([first, second]);
    expect(readNameStream(Buffer.concat([sent, sent]))).toEqual([first, second]);
    expect(readNameStream(sent.subarray(0, sent.length - 3))).toEqual([first]);
    expect(readNameStream(bytes)).toEqual([first, second]);
    expect(readNameStream(Buffer.alloc(1))).toEqual([]);
  });

  it.each([
    ['a question', answer('a.example', [], 0x0100)],
    ['nothing', Buffer.alloc(0)],
    ['a name that leads to itself', Buffer.concat([u16(7, 0x8180, 1, 1, 0, 0), Buffer.from([0xc0, 12])])],
    ['a name with a terminal escape', answer('a\u001b[2J.example', [record(ASKED, 1, Buffer.from([1, 2, 3, 4]))])],
  ])('say nothing where there is %s', (_, bytes) => {
    expect(readNameAnswer(bytes)).toEqual([]);
  });

  it('never break the reader, and are read in little time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        for (const { name, address } of readNameAnswer(Buffer.from(bytes))) {
          expect(name).toMatch(/^[\w.-]*$/);
          expect(address).not.toBe('');
        }
      }),
    );
  });
});

describe('an address', () => {
  it.each([
    ['7f000001', '127.0.0.1'],
    ['00000000000000000000000000000001', '::1'],
    ['00000000000000000000000000000000', '::'],
    ['20010db8000000000001000000000000', '2001:db8:0:0:1::'],
    ['00000000000000000000ffffc0000207', '192.0.2.7'],
    ['20010db8000100020003000400050006', '2001:db8:1:2:3:4:5:6'],
    ['0102', ''],
  ])('of bytes %s is %s', (bytes, text) => {
    expect(formatAddress(Buffer.from(bytes, 'hex'))).toBe(text);
  });
});
