import { describe, expect, it } from 'vitest';
import { type Permit, permitKey } from './permit.ts';

const SECRET = new Uint8Array(16).fill(7);
const key = (permit: Permit, container = 44, secret = SECRET): string =>
  permitKey(permit, container, secret).toString('hex');
const nginx: Permit = { guard: 'starts', actor: '/usr/sbin/nginx', object: '/bin/date' };

/** That the kernel makes the same digest is shown in containers: tests/sensor/prevention-attacks.test.ts. */
describe('a permit', () => {
  it('is of a container, and begins with it', () => {
    expect(key(nginx).slice(0, 16)).toBe('2c00000000000000');
    expect(key(nginx).slice(16)).toBe(key(nginx, 45).slice(16));
  });

  it.each<[string, Permit]>([
    ['guard', { ...nginx, guard: 'sockets' }],
    ['actor', { ...nginx, actor: '/usr/sbin/apache2' }],
    ['file', { ...nginx, object: '/bin/dates' }],
    ['order of names', { ...nginx, object: '/date/bin' }],
    ['border between names', { ...nginx, object: '/bi/ndate' }],
    ['border between paths', { guard: 'starts', actor: '/usr/sbin/nginx/bin', object: '/date' }],
    ['absence of an actor', { guard: 'starts', object: '/bin/date' }],
    ['way in which it is written', { ...nginx, isText: true }],
  ])('is another with another %s', (_, other) => {
    expect(key(other)).not.toBe(key(nginx));
  });

  it('cannot be made to fit by who does not know the secret', () => {
    expect(key(nginx, 44, new Uint8Array(16).fill(8))).not.toBe(key(nginx));
  });

  it('does not know steps that lead nowhere', () => {
    expect(key({ ...nginx, object: '//bin/date' })).toBe(key(nginx));
  });
});
