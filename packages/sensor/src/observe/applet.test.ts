import { describe, expect, it } from 'vitest';
import { appletOf } from './applet.ts';

describe('appletOf', () => {
  it.each([
    ['/bin/busybox', 'sh\0-c\0id\0', 'sh'],
    ['/bin/busybox', '/usr/bin/wget\0-q\0', 'wget'],
    ['/bin/busybox', '-ash\0', 'ash'],
    ['/bin/busybox.static', 'busybox\0nc\0-l\0', 'nc'],
    ['/usr/bin/coreutils', 'cat\0/etc/shadow\0', 'cat'],
    ['/bin/busybox', '', undefined],
    ['/bin/busybox', 'busybox\0', undefined],
    ['/bin/busybox', 'a\nb\0', undefined],
    ['/usr/bin/bash', 'sh\0-c\0', undefined],
    ['/opt/busybox/run', 'sh\0', undefined],
  ])('%s called as %j is %s', (path, words, applet) => {
    expect(appletOf(path, words)).toBe(applet);
  });
});
