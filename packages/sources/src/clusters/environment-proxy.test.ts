import { describe, expect, it } from 'vitest';
import { environmentProxy } from './environment-proxy.ts';

const HTTPS_PROXY = 'http://proxy.example:3128';

describe('the proxy of the environment', () => {
  it.each<[server: string, environment: Record<string, string>, proxy: string | undefined]>([
    ['https://api.example:6443', {}, undefined],
    ['https://api.example:6443', { HTTPS_PROXY }, HTTPS_PROXY],
    ['https://api.example', { https_proxy: 'proxy.example:3128' }, HTTPS_PROXY],
    ['http://api.example', { HTTPS_PROXY }, undefined],
    ['https://127.0.0.1:6443', { HTTPS_PROXY }, undefined],
    ['https://localhost', { HTTPS_PROXY }, undefined],
    ['https://api.example', { HTTPS_PROXY, NO_PROXY: 'other, api.example' }, undefined],
    ['https://api.eu.example', { HTTPS_PROXY, NO_PROXY: '.example' }, undefined],
    ['https://api.eu.example', { HTTPS_PROXY, NO_PROXY: '*.eu.example' }, undefined],
    ['https://notexample', { HTTPS_PROXY, NO_PROXY: 'example' }, HTTPS_PROXY],
    ['https://api.example:6443', { HTTPS_PROXY, NO_PROXY: 'api.example:443' }, HTTPS_PROXY],
    ['https://10.96.0.1', { HTTPS_PROXY, NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://10.96.0.1', { HTTPS_PROXY, NO_PROXY: '192.168.0.0/16,10.0.0.0/99,x/8' }, HTTPS_PROXY],
    ['https://[fd00::1]:6443', { HTTPS_PROXY, NO_PROXY: 'fd00::/8' }, undefined],
    ['https://api.example', { HTTPS_PROXY, NO_PROXY: '*' }, undefined],
  ])('for %s with %o is %s', (server, environment, proxy) => {
    expect(environmentProxy(server, environment)).toBe(proxy);
  });
});
