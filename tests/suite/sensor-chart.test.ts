import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@breakwater/model';
import { readPolicies } from '@breakwater/sources/policies';
import { load } from 'js-yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import { COMMON_OPTIONS } from '../../packages/cli/src/command.ts';
import { command } from '../../packages/cli/src/commands/sensor.ts';
import { chartValues, failuresOf, hasHelm, renderChart, validateValues, withHelm } from './chart.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXCEPTIONS = join(ROOT, 'deploy/exceptions/sensor.yaml');
const NEEDED = ['sensor.enabled=true', 'sensor.server=https://breakwater.example:7071'];

describe('values of the sensor', () => {
  const values = chartValues();
  const withSensor = (change: object) =>
    validateValues({ ...values, sensor: { ...(values['sensor'] as object), ...change } });

  it('are those that the chart brings', () => {
    expect(withSensor({ server: 'https://breakwater.example:7071' }), JSON.stringify(validateValues.errors)).toBe(true);
  });

  it.each<[string, object]>([
    ['a server without TLS', { server: 'http://breakwater.example' }],
    ['a folder with the socket of a runtime', { runtimes: ['/run/containerd'] }],
    ['a socket', { runtimes: ['/run/containerd/containerd.sock'] }],
    ['the whole of the node', { runtimes: ['/'] }],
    ['a guard that is no name', { block: [''] }],
    ['a spool without an end', { spool: { hostPath: '/var/lib/x', mebibytes: 0 } }],
    ['resources without limits', { resources: { requests: { cpu: '1' } } }],
    ['a misspelled name', { tolerate: [] }],
    ['a cluster of two words', { cluster: 'production east' }],
    ['a ladder that takes no time', { ladder: { seconds: -1, first: 5, mostRefusals: 20, readiness: false } }],
    ['pods that are watched for no ladder', { ladder: { seconds: 0, first: 5, mostRefusals: 20, readiness: true } }],
    ['a ladder that begins in none', { ladder: { seconds: 600, first: 0, mostRefusals: 20, readiness: false } }],
  ])('are not %s', (_, change) => expect(withSensor(change)).toBe(false));
});

describe.skipIf(!hasHelm)(withHelm('the DaemonSet of the sensor'), () => {
  const LADDER = ['sensor.block={programs}', 'sensor.ladder.seconds=600'];
  let objects: JsonObject[];
  const find = (kind: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: it looks into objects of many kinds
    objects.find((object: any) => object.kind === kind && object.metadata.name === 'breakwater-sensor') as any;

  beforeEach(() => {
    objects = renderChart(...NEEDED);
  });

  it('is not there unless it is asked for, and says what it lacks', () => {
    expect(renderChart().filter(({ kind }) => kind === 'DaemonSet')).toEqual([]);
    expect(() => renderChart('sensor.enabled=true')).toThrow('sensor.server is where events go');
  });

  it.each<[string, string[]]>([
    ['', []],
    [', also with readiness of pods', [...LADDER, 'sensor.ladder.readiness=true']],
  ])('passes our own policies but for what its exceptions say, and none of those is for nothing%s', async (_, more) => {
    objects = renderChart(...NEEDED, ...more);
    const { exceptions } = await readPolicies([EXCEPTIONS]);
    const failing = failuresOf(objects)
      .filter(({ object }) => object === find(String(object['kind'])))
      .map(({ result }) => result.policy);
    const excepted = exceptions.flatMap(({ spec }) => spec.policies);
    // Images are named by digest by whoever installs it.
    expect(failing.filter((name) => !/pinned|digest|tag/.test(name)).sort()).toEqual([...excepted].sort());
  });

  it('names its cluster where it is told to', () => {
    const argumentsOf = () => find('DaemonSet').spec.template.spec.containers[0].args;
    expect(argumentsOf().join(' ')).not.toContain('--cluster');
    objects = renderChart(...NEEDED, 'sensor.cluster=arn:aws:eks:eu-west-1:1:');
    expect(argumentsOf()).toContain('--cluster=arn:aws:eks:eu-west-1:1:');
  });

  it('has no rights in the cluster, and four powers on its node', () => {
    const text = JSON.stringify(objects.filter(({ kind }) => /Role|Binding/.test(String(kind))));
    expect(text).not.toContain('breakwater-sensor');
    const { spec } = find('DaemonSet').spec.template;
    expect([spec.automountServiceAccountToken, find('ServiceAccount').automountServiceAccountToken]).toEqual([
      false,
      false,
    ]);
    const [{ securityContext }] = spec.containers;
    expect(securityContext.capabilities).toEqual({
      drop: ['ALL'],
      add: ['BPF', 'PERFMON', 'NET_ADMIN', 'SYS_PTRACE'],
    });
    expect([securityContext.readOnlyRootFilesystem, securityContext.allowPrivilegeEscalation]).toEqual([true, false]);
    expect([spec.hostNetwork, spec.hostIPC, securityContext.privileged]).toEqual([undefined, undefined, undefined]);
  });

  it('writes nowhere on its node but into its spool', () => {
    const { spec } = find('DaemonSet').spec.template;
    const [{ volumeMounts }] = spec.containers;
    const paths = spec.volumes.filter((volume: JsonObject) => 'hostPath' in volume).map(({ name }: JsonObject) => name);
    const written = volumeMounts.filter(({ name, readOnly }: JsonObject) => paths.includes(name) && readOnly !== true);
    expect(written.map(({ name }: JsonObject) => name)).toEqual(['state']);
  });

  it('runs on every node of its kind, and calls nobody but its server', () => {
    const { spec } = find('DaemonSet').spec.template;
    expect(spec.tolerations).toEqual([{ operator: 'Exists' }]);
    expect(spec.nodeSelector).toMatchObject({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' });
    const policy = find('NetworkPolicy').spec;
    expect(policy.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(policy.ingress).toBeUndefined();
    expect(policy.egress.flatMap(({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => port))).toEqual([
      7071, 53, 53,
    ]);
  });

  it('gives the sensor what was asked for, and the key as a file', () => {
    const given = JSON.stringify(
      renderChart(
        ...NEEDED,
        'sensor.block={programs}',
        'sensor.audit={connections}',
        'sensor.allow={10.0.0.0/8}',
        'sensor.authorityConfigMap=ca',
      ),
    );
    for (const argument of [
      '--block=programs',
      '--audit=connections',
      '--allow=10.0.0.0/8',
      '--authority=/etc/breakwater/authority/ca.crt',
      '--key-file=/etc/breakwater/key/key',
    ])
      expect(given).toContain(argument);
  });

  const argumentsOf = (given: JsonObject[]): string[] =>
    // biome-ignore lint/suspicious/noExplicitAny: it looks into objects of many kinds
    (given.find(({ kind }) => kind === 'DaemonSet') as any).spec.template.spec.containers[0].args;

  it('climbs a ladder where one is asked for, and only then', () => {
    const ladder = (...settings: string[]) =>
      argumentsOf(renderChart(...NEEDED, ...settings)).filter((text) => /ladder|first|refusals|readiness/.test(text));
    expect(ladder('sensor.block={programs}')).toEqual([]);
    const plain = ['--ladder=600', '--first=5', '--most-refusals=20'];
    expect(ladder(...LADDER)).toEqual(plain);
    expect(ladder(...LADDER, 'sensor.ladder.readiness=true')).toEqual([...plain, '--readiness=in-cluster']);
    expect(() => renderChart(...NEEDED, 'sensor.ladder.seconds=600')).toThrow('name them in sensor.block');
  });

  it('watches pods where that is asked for, by the role that comes with the sensor, and reaches the API server', () => {
    // biome-ignore lint/suspicious/noExplicitAny: it looks into objects of many kinds
    const given = renderChart(...NEEDED, ...LADDER, 'sensor.ladder.readiness=true') as any[];
    const named = (kind: string, name = 'breakwater-sensor-readiness') =>
      given.find((object) => object.kind === kind && object.metadata.name === name);
    const role = load(readFileSync(join(ROOT, 'deploy/rbac/sensor-readiness.yaml'), 'utf8')) as JsonObject;
    expect(named('ClusterRole').rules).toEqual(role['rules']);
    expect(named('ClusterRoleBinding')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'breakwater-sensor-readiness' },
      subjects: [{ kind: 'ServiceAccount', name: 'breakwater-sensor', namespace: 'security' }],
    });
    expect(named('DaemonSet', 'breakwater-sensor').spec.template.spec.automountServiceAccountToken).toBe(true);
    expect(named('ServiceAccount', 'breakwater-sensor').automountServiceAccountToken).toBe(false);
    const ports = named('NetworkPolicy', 'breakwater-sensor').spec.egress.flatMap(
      (rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port),
    );
    expect(ports).toEqual([7071, 53, 53, 443, 6443]);
  });

  it('says nothing to the sensor that it does not understand', () => {
    const asked = ['sensor.audit={connections}', 'sensor.allow={10.0.0.0/8}', 'sensor.ladder.readiness=true'];
    const given = renderChart(...NEEDED, ...LADDER, ...asked, 'sensor.authorityConfigMap=ca');
    const names = argumentsOf(given).map((text) => text.slice(2).split('=')[0]);
    expect(names.filter((name) => !((name as string) in { ...command.options, ...COMMON_OPTIONS }))).toEqual([]);
  });
});
