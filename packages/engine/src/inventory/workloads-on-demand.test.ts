import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { definitionsOf } from './definitions-of.ts';
import { workloadsOf, workloadsOnDemand } from './workloads-of.ts';

const deployment = (name: string, pod: JsonObject, source = 'a.yaml'): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name,
  cluster: 'default',
  object: { metadata: { name }, spec: { template: { spec: pod } } },
  place: { source },
});

const full: JsonObject = {
  securityContext: { runAsUser: 7 },
  containers: [
    {
      name: 'app',
      image: 'app:1',
      args: ['--password=x', 'http://db'],
      env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      ports: [{ containerPort: 80, hostPort: 8080 }, { name: 'none' }],
      securityContext: { privileged: true, capabilities: { add: ['net_raw'] } },
      resources: { limits: { cpu: 1 }, requests: { memory: '1Gi' } },
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    },
  ],
  initContainers: [
    { name: 'proxy', image: 'proxy', restartPolicy: 'Always' },
    { name: 'wrong', image: 7 },
  ],
};

/** Every field that a container has, wherever it keeps it. */
const whole = (container: object): Record<string, unknown> => {
  const named = Object.getOwnPropertyNames(Object.getPrototypeOf(container)).filter((name) => name !== 'constructor');
  const fields = container as Record<string, unknown>;
  const read = Object.getPrototypeOf(container) === Object.prototype ? [] : named;
  return { ...fields, ...Object.fromEntries(read.map((name) => [name, fields[name]])) };
};

describe('workloadsOnDemand', () => {
  it('says of every container what workloadsOf says, in every field', () => {
    const db: ManifestObject = { ...deployment('db', {}), apiVersion: 'v1', kind: 'Service' };
    const objects = [deployment('web', full), deployment('web', { containers: [] }, 'b.yaml'), db];
    const expected = workloadsOf(objects).workloads;
    const found = workloadsOnDemand(objects).map((workload) => ({
      ...workload,
      containers: workload.containers.map(whole),
    }));
    expect(expected[0]!.containers).toHaveLength(3);
    expect(expected[0]!.containers[0]!.namedServices).toEqual(['shop/db']);
    expect(found).toEqual(expected);
  });
});

describe('definitionsOf', () => {
  it('finds the object that a workload describes among several that define it, and the first where none is it', () => {
    const objects = [deployment('web', { containers: [] }, 'b.yaml'), deployment('web', full)];
    const { workloads } = workloadsOf(objects);
    expect(definitionsOf(objects, workloads)).toEqual([objects[1]]);
    const elsewhere = workloads.map((workload) => ({ ...workload, definitions: [{ source: 'gone.yaml' }] }));
    expect(definitionsOf(objects, elsewhere)).toEqual([objects[0]]);
    expect(definitionsOf([], workloads)).toEqual([undefined]);
  });
});
