import { describe, expect, it } from 'vitest';
import { portOfImage, speechOf } from './protocols.ts';

describe('what a port speaks', () => {
  it.each<[string[], number, string, boolean | undefined]>([
    [['http'], 1234, 'http', false],
    [['tcp-postgresql'], 1234, 'postgres', false],
    [['kubernetes.io/h2c'], 1234, 'grpc', false],
    [['https-web'], 80, 'https', true],
    [['redis-tls'], 6379, 'redis', true],
    [['main'], 5432, 'postgres', false],
    [['main'], 8443, 'https', true],
    [['elastic'], 9200, 'elasticsearch', undefined],
    [['whttps'], 12345, '', undefined],
    [['main', 'mysql'], 12345, 'mysql', false],
    [[], 12345, '', undefined],
    [['__proto__', 'constructor'], 12345, '', undefined],
  ])('%j at %i is %s', (texts, port, protocol, encrypted) => {
    expect(speechOf(texts, port)).toMatchObject({ protocol, encrypted });
  });

  it('is told in bounded time, however long a name is', () => {
    expect(speechOf(['-'.repeat(100_000)], 1).protocol).toBe('');
  });

  it('follows the image of a data store, and of nothing else', () => {
    expect([portOfImage('postgres'), portOfImage('valkey'), portOfImage('web'), portOfImage('toString')]).toEqual([
      5432,
      6379,
      undefined,
      undefined,
    ]);
  });
});
