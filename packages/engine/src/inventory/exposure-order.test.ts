import type { Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { exposureRank, moreExposedFirst } from './exposure-order.ts';
import { workloadsOf } from './workloads-of.ts';

const HARD = {
  privileged: false,
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

function variant(podSpec: object, security: object = {}, container: object = {}): Workload {
  const spec = {
    automountServiceAccountToken: false,
    ...podSpec,
    containers: [{ name: 'a', image: 'a', securityContext: { ...HARD, ...security }, ...container }],
  };
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec };
  const known = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'a',
    name: 'a',
    cluster: 'default',
    place: { source: 'a' },
  };
  return workloadsOf([{ ...known, object: JSON.parse(JSON.stringify(object)) }]).workloads[0]!;
}

const HOST_PATH = { volumes: [{ name: 'h', hostPath: { path: '/' } }] };
const mount = (readOnly: boolean) => ({ volumeMounts: [{ name: 'h', mountPath: '/h', readOnly }] });

/** From most to least: each stands above everything below it, all of them together. */
const ORDER: [what: string, workload: Workload][] = [
  ['privileged', variant({}, { privileged: true })],
  ['two host namespaces', variant({ hostPID: true, hostNetwork: true })],
  ['one host namespace', variant({ hostIPC: true })],
  ['a writable host path', variant(HOST_PATH, {}, mount(false))],
  ['a host path', variant(HOST_PATH, {}, mount(true))],
  ['a dangerous capability', variant({}, { capabilities: { add: ['SYS_ADMIN'] } })],
  ['root', variant({}, { runAsNonRoot: false })],
  ['new privileges', variant({}, { allowPrivilegeEscalation: true })],
  ['no seccomp profile', variant({}, { seccompProfile: { type: 'Unconfined' } })],
  ['a writable root', variant({}, { readOnlyRootFilesystem: false })],
  ['a token', variant({ automountServiceAccountToken: true })],
  ['a host port', variant({}, {}, { ports: [{ containerPort: 1, hostPort: 1 }] })],
  ['nothing', variant({}, { capabilities: { add: ['CHOWN'] } })],
];

describe('moreExposedFirst', () => {
  it.each(['SYS_ADMIN', 'CAP_SYS_ADMIN', 'cap_bpf', 'SYSLOG'])('counts %s, however it is spelt', (name) => {
    const added = variant({}, { capabilities: { add: [name] } });
    expect(moreExposedFirst(added, variant({}, { capabilities: { add: ['CAP_NET_RAW'] } }))).toBeLessThan(0);
  });

  it.each(ORDER.slice(0, -1).map(([what, workload], index) => ({ what, workload, next: ORDER[index + 1]! })))(
    '$what stands above $next.0',
    ({ workload, next }) => {
      expect(moreExposedFirst(workload, next[1])).toBeLessThan(0);
      expect(moreExposedFirst(next[1], workload)).toBeGreaterThan(0);
    },
  );

  it('sees no difference where there is none', () => {
    expect(moreExposedFirst(variant({}), variant({}))).toBe(0);
    expect(exposureRank(variant({})).every((number) => number === 0)).toBe(true);
  });
});
