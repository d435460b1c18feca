import { describe, expect, it } from 'vitest';
import { workloadOf } from './estate.fixture.ts';
import { reachabilityOf } from './reachability.ts';

const on = (name: string, namespace: string, ...networks: { name: string; internal?: boolean }[]) => ({
  ...workloadOf(name),
  id: `docker/${namespace}/ComposeService/${name}`,
  cluster: 'docker',
  namespace,
  networks: networks.map(({ name: network, internal = false }) => ({ name: network, internal })),
});

describe('networks that are shared', () => {
  const { groups, egressToInternet } = reachabilityOf(
    [],
    [
      on('web', 'shop', { name: 'front' }),
      on('cart', 'shop', { name: 'front' }, { name: 'back', internal: true }),
      on('db', 'shop', { name: 'back', internal: true }),
      on('proxy', 'edge', { name: '/edge' }),
      on('site', 'blog', { name: '/edge' }),
      on('other', 'blog', { name: 'front' }),
      on('alone', 'blog'),
    ],
  );

  it('let their members reach each other, within a project or by a name for all', () => {
    const short = (ids: string[]) => ids.map((id) => id.split('/').at(-1));
    expect(groups.map(({ to, reason }) => [reason, short(to)])).toEqual([
      ['both are on network front', ['web', 'cart']],
      ['both are on network back', ['cart', 'db']],
      ['both are on network edge', ['proxy', 'site']],
    ]);
  });

  it('lead out unless they are internal', () => {
    expect(egressToInternet.map((id) => id.split('/').at(-1))).toEqual(['web', 'cart', 'proxy', 'site', 'other']);
  });
});

describe('ports that are published', () => {
  const published = (port: object) => {
    const workload = on('web', 'shop', { name: 'front' });
    const [container] = workload.containers;
    const ports = [{ containerPort: 80, protocol: 'TCP', ...port }];
    const { exposures } = reachabilityOf([], [{ ...workload, containers: [{ ...container!, ports }] }]);
    return exposures.map(({ from, phrase }) => `${from}: ${phrase}`);
  };

  it.each([
    [{ published: 'host-port', hostPort: 8080 }, ['network: through port 8080 of its host']],
    [{ published: 'host-port' }, ['network: through a port of its host']],
    [{ published: 'host-port', hostPort: 8080, hostIP: '127.0.0.1' }, []],
    [{ published: 'host-port', hostPort: 8080, hostIP: '::1' }, []],
    [{ published: 'node-port' }, ['network: through a port of every node of its swarm']],
    [{ published: 'load-balancer' }, ['internet: through a load balancer to port 80']],
    [{ published: 'external-ip' }, ['internet: through a public address of its own']],
    [{}, []],
  ])('%j', (port, expected) => {
    expect(published(port)).toEqual(expected);
  });
});
