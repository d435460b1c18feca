import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../inventory/index.ts';
import { Connectivity } from './connectivity/index.ts';
import { objectOf, policyOf, serviceOf } from './estate.fixture.ts';
import { reachabilityOf } from './index.ts';

const pod = (name: string, initContainers: JsonObject[]): ManifestObject =>
  objectOf('Pod', name, {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'c', image: 'c:1' }], initContainers },
  });
const proxy: JsonObject = {
  name: 'proxy',
  image: 'proxy:1',
  ports: [
    { name: 'tls', containerPort: 9443 },
    { name: 'node', containerPort: 1, hostPort: 7443 },
  ],
};
const metrics = policyOf('tls', { podSelector: {}, ingress: [{ ports: [{ port: 'tls' }] }] });

describe('an init container that is always restarted', () => {
  it.each([
    ['gives its named ports to policies and Services', { ...proxy, restartPolicy: 'Always' }, true],
    ['gives none where it ends before the pod starts', proxy, false],
  ])('%s', (_, container, holds) => {
    const balancer = serviceOf('web', { type: 'LoadBalancer', ports: [{ port: 443, targetPort: 'tls' }] });
    const objects = [pod('web', [container]), pod('other', []), metrics, balancer];
    const { workloads } = workloadsOf(objects);
    const reach = new Connectivity('default', objects, workloads);
    const [web, other] = reach.classOf as [number, number];
    expect(reach.connections.holds(reach.between(other, web), 'TCP', 9443)).toBe(holds);
    const { exposures, unknowns } = reachabilityOf([pod('web', [container]), balancer], workloads.slice(0, 1));
    const ports = (through: string): number[] =>
      exposures.filter((exposure) => exposure.through === through).map(({ port }) => port);
    expect(ports('load-balancer')).toEqual(holds ? [9443] : []);
    expect(ports('host-port')).toEqual(holds ? [1] : []);
    expect(unknowns.map(({ code }) => code)).toEqual(holds ? [] : ['service-port-missing']);
  });
});
