import { ReleaseFacts } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './learning/index.ts';
import { isStartOf, startedWith } from './started-with.ts';

const FACTS = ReleaseFacts.parse({
  id: 'image',
  entrypoint: ['/entry.sh'],
  command: ['serve', '--port=8080'],
  environment: { PATH: 'p', LANG: 'l' },
});
const OWN = { arguments: ['/entry.sh', 'serve', '--port=8080'], environment: ['LANG', 'PATH'], limits: {} };
const changes = (settings: typeof OWN & { limits: Record<string, number> }) =>
  differenceOf(startedWith(FACTS, OWN), startedWith(FACTS, settings)).changes.map(({ kind, change, name, after }) =>
    `${kind} ${change} ${name}${after === undefined ? '' : ` ${after}`}`.trim(),
  );

describe('a release as its runtime started it', () => {
  it('differs from the image in nothing where it is started as that says', () => {
    expect(differenceOf(FACTS, startedWith(FACTS, OWN)).changes).toEqual([]);
    expect(isStartOf(startedWith(FACTS, OWN).id, 'image')).toBe(true);
    expect(isStartOf('image', 'image')).toBe(false);
  });

  it('differs by arguments, names of variables and limits', () => {
    expect(changes({ ...OWN, arguments: ['/entry.sh', 'serve', '--debug'] })).toEqual([
      'entrypoint altered /entry.sh serve --debug /entry.sh serve --debug',
    ]);
    expect(changes({ ...OWN, arguments: ['/bin/sh', '-c', 'serve'] })).toEqual([
      'entrypoint altered /bin/sh -c serve /bin/sh -c serve',
    ]);
    expect(changes({ ...OWN, environment: ['LANG', 'PATH', 'FEATURE'] })).toEqual(['environment added FEATURE']);
    expect(changes({ ...OWN, limits: { memory: 1024 } })).toEqual(['limit added memory 1024']);
  });

  it.each([
    [
      'numbers and addresses of one replica',
      { ...OWN, arguments: ['/entry.sh', 'serve', '--port=8080', '--ip=10.0.0.7'] },
    ],
    ['those of another', { ...OWN, arguments: ['/entry.sh', 'serve', '--port=8080', '--ip=10.0.12.9'] }],
  ])('is the same with %s', (_, settings) => {
    const other = { ...OWN, arguments: ['/entry.sh', 'serve', '--port=8080', '--ip=192.168.0.1'] };
    expect(startedWith(FACTS, settings).id).toBe(startedWith(FACTS, other).id);
  });

  it('is the same whatever runtimes and Services set in its environment', () => {
    const environment = [
      ...['HOSTNAME', 'TERM', 'HOME', 'container', 'KUBERNETES_SERVICE_HOST', 'CART_SERVICE_HOST'],
      ...['CART_SERVICE_PORT_HTTP', 'CART_PORT', 'CART_PORT_80_TCP', 'CART_PORT_80_TCP_ADDR'],
    ];
    expect(startedWith(FACTS, { ...OWN, environment }).id).toBe(startedWith(FACTS, OWN).id);
  });
});
