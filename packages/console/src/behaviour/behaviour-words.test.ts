import type { Behaviour } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { behaviourWords } from './behaviour-words.ts';

const of = (rest: Partial<Behaviour>): Behaviour => ({
  dimension: 'exec',
  actor: '/usr/sbin/nginx',
  parent: '',
  object: '/bin/sh',
  ...rest,
});

describe('a behaviour in words', () => {
  it.each<[Partial<Behaviour>, string]>([
    [{}, '/usr/sbin/nginx starts /bin/sh'],
    [{ object: '/bin/busybox', applet: 'sh' }, '/usr/sbin/nginx starts /bin/busybox (as sh)'],
    [{ object: '/tmp/x', inImage: false }, '/usr/sbin/nginx starts /tmp/x (not of the image)'],
    [{ actor: '' }, 'The runtime of containers starts /bin/sh'],
    [{ dimension: 'open', access: 'delete', object: '/tmp/*' }, '/usr/sbin/nginx deletes /tmp/*'],
    [
      { dimension: 'open', actor: '/bin/busybox', applet: 'cat', access: 'read', object: '/etc/shadow' },
      '/bin/busybox (cat) reads /etc/shadow',
    ],
    [{ dimension: 'connect', object: 'internet:443/TCP' }, '/usr/sbin/nginx connects to internet:443/TCP'],
    [{ dimension: 'privilege', object: 'uid 101' }, '/usr/sbin/nginx runs as uid 101'],
    [{ dimension: 'privilege', object: 'unshare user' }, '/usr/sbin/nginx asks for unshare user'],
    [{ dimension: 'listen', object: '8080/TCP' }, '/usr/sbin/nginx listens on 8080/TCP'],
  ])('%j', (behaviour, words) => {
    expect(behaviourWords(of(behaviour))).toBe(words);
  });
});
