// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose are written so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePort } from './parse-port.ts';
import { parseSize } from './parse-size.ts';
import { isHostPath, parseVolume } from './parse-volume.ts';

describe('parsePort', () => {
  it.each([
    ['80', { target: [80, 80], protocol: 'TCP' }],
    ['8080:80', { target: [80, 80], published: '8080', protocol: 'TCP' }],
    ['127.0.0.1:8080:80', { target: [80, 80], published: '8080', hostIP: '127.0.0.1', protocol: 'TCP' }],
    ['127.0.0.1::80', { target: [80, 80], hostIP: '127.0.0.1', protocol: 'TCP' }],
    ['[::1]:8080:80/udp', { target: [80, 80], published: '8080', hostIP: '::1', protocol: 'UDP' }],
    ['::1:6000:80', { target: [80, 80], published: '6000', hostIP: '::1', protocol: 'TCP' }],
    ['9090-9091:8080-8081', { target: [8080, 8081], published: '9090-9091', protocol: 'TCP' }],
    ['${PORT}:80', { target: [80, 80], published: '${PORT}', protocol: 'TCP' }],
    ['${PORT}', undefined],
    ['a:b', undefined],
    ['70000:80000', undefined],
    ['', undefined],
  ])('reads %s', (text, expected) => {
    expect(parsePort(text)).toEqual(expected);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parsePort(text);
        parseVolume(text);
        parseSize(text);
      }),
    );
  });
});

describe('parseVolume', () => {
  it.each([
    ['/data', { target: '/data', readOnly: false }],
    ['data:/data', { source: 'data', target: '/data', readOnly: false }],
    ['./html:/usr/share:ro', { source: './html', target: '/usr/share', readOnly: true }],
    [
      '/var/run/docker.sock:/var/run/docker.sock:rw,z',
      { source: '/var/run/docker.sock', target: '/var/run/docker.sock', readOnly: false },
    ],
    ['C:\\data:/data:ro', { source: 'C:\\data', target: '/data', readOnly: true }],
    ['/data:ro', { target: '/data', readOnly: true }],
    ['a:b:c:d', undefined],
    ['', undefined],
  ])('reads %s', (text, expected) => {
    expect(parseVolume(text)).toEqual(expected);
  });

  it('tells paths of the host from names of volumes', () => {
    expect(['./a', '../a', '/a', '~/a', 'C:\\a', '.'].every(isHostPath)).toBe(true);
    expect(['a', 'a-b_c.d'].some(isHostPath)).toBe(false);
  });
});

describe('parseSize', () => {
  it.each([
    ['300M', '300Mi'],
    ['512m', '512Mi'],
    ['1gb', '1024Mi'],
    ['1.5G', '1536Mi'],
    ['65536', '65536'],
    ['64k', '65536'],
    ['2GiB', '2048Mi'],
    ['many', undefined],
  ])('reads %s as %s', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });
});
