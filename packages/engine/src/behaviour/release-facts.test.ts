import { Component, Image, type JsonObject, type ManifestObject, ReleaseFacts } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../inventory/index.ts';
import { releaseFacts } from './release-facts.ts';
import { startedPrograms } from './started-programs.ts';

const image = Image.parse({
  id: 'sha256:a',
  source: 'registry',
  target: 'shop/web:1',
  references: ['registry.example/shop/web:1'],
  config: { user: '101', entrypoint: ['/entry.sh'], command: ['nginx', '-g', 'daemon off;'], exposedPorts: ['80/tcp'] },
  components: [
    {
      id: 'n',
      type: 'deb',
      name: 'nginx-core',
      version: '1.22.1-9',
      purl: 'pkg:deb/nginx-core',
      path: '/s',
      files: ['/usr/sbin/nginx'],
    },
    { id: 'm1', type: 'npm', name: 'ms', version: '2.0.0', purl: 'pkg:npm/ms', path: '/a' },
    { id: 'm2', type: 'npm', name: 'ms', version: '1.0.0', purl: 'pkg:npm/ms', path: '/b' },
  ].map((component) => Component.parse(component)),
  release: {
    files: [
      { path: '/usr/sbin/nginx', digest: 'sha256:1', kind: 'executable' },
      { path: '/entry.sh', digest: 'sha256:2', kind: 'script', interpreter: '/bin/sh' },
    ],
    environment: { PATH: 'd1', MODE: 'd2' },
    searchPath: ['/usr/sbin', '/bin'],
    peers: ['cache:6379'],
  },
});

const pod = (container: JsonObject): JsonObject => ({
  spec: {
    selector: {},
    template: {
      spec: {
        serviceAccountName: 'web',
        containers: [{ name: 'web', image: 'registry.example/shop/web:1', ...container }],
      },
    },
  },
});

function factsOf(container: JsonObject, of: Image | undefined = image): ReleaseFacts {
  const object = pod(container);
  const manifest: ManifestObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    cluster: 'c',
    object,
    place: { source: 'x' },
  };
  const [workload] = workloadsOf([manifest]).workloads;
  return releaseFacts({ image: of, workload, container: workload?.containers[0], object });
}

describe('facts of a release', () => {
  it('are the shape that is kept', () => {
    const facts = factsOf({});
    expect(ReleaseFacts.parse(facts)).toEqual(facts);
  });

  it('name the owner of each program, and every version of a package', () => {
    const { files, components, filesKnown } = factsOf({});
    expect(files.map(({ path, component }) => [path, component])).toEqual([
      ['/usr/sbin/nginx', 'nginx-core'],
      ['/entry.sh', undefined],
    ]);
    expect(components).toEqual({ 'nginx-core': '1.22.1-9', ms: '1.0.0 2.0.0' });
    expect(filesKnown).toBe(true);
  });

  it('join the command line as Kubernetes does', () => {
    const containers: JsonObject[] = [
      {},
      { args: ['-t'] },
      { command: ['sleep'] },
      { command: ['sleep'], args: ['9'] },
    ];
    const lines = containers.map((container) => {
      const { entrypoint, command } = factsOf(container);
      return [entrypoint, command];
    });
    expect(lines).toEqual([
      [['/entry.sh'], ['nginx', '-g', 'daemon off;']],
      [['/entry.sh'], ['-t']],
      [['sleep'], []],
      [['sleep'], ['9']],
    ]);
  });

  it('hold what a manifest declares, of values only digests and the hosts that they name', () => {
    const facts = factsOf({
      env: [
        { name: 'DB', value: 'postgres://u:hunter2@db.shop.svc/x' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 't' } } },
        { name: '__proto__', value: 'x' },
      ],
      ports: [{ name: 'http', containerPort: 8080 }],
      volumeMounts: [{ name: 'v', mountPath: '/data' }],
      livenessProbe: { httpGet: { port: 'http' } },
      readinessProbe: { exec: { command: ['/bin/sh', '-c', 'FOO=1 pg_isready -U x && exec redis-cli ping'] } },
      securityContext: { runAsUser: 7, capabilities: { add: ['net_bind_service'] } },
      resources: { limits: { cpu: '500m', memory: '1Gi', 'example.com/odd': 'many' } },
    });
    expect(facts).toMatchObject({
      user: '7',
      ports: ['80/TCP', '8080/TCP'],
      mounts: [{ path: '/data', readOnly: false }],
      peers: ['cache:6379', 'db.shop.svc:5432'],
      probes: ['/bin/sh', '8080/TCP', 'pg_isready', 'redis-cli'],
      capabilities: ['CAP_NET_BIND_SERVICE'],
      serviceAccount: 'web',
      limits: { cpu: 0.5, memory: 1024 ** 3 },
    });
    expect(Object.keys(facts.environment)).toEqual(['DB', 'MODE', 'PATH', 'TOKEN']);
    expect(JSON.stringify(facts)).not.toContain('hunter2');
  });

  it('have one id where they are equal, and another where anything differs', () => {
    const containers: JsonObject[] = [{}, {}, { args: ['x'] }, { env: [{ name: 'MODE', value: 'y' }] }];
    const ids = containers.map((one) => factsOf(one).id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(ids[1]);
    const altered = structuredClone(image);
    altered.release!.files[0]!.digest = 'sha256:9';
    expect(factsOf({}, altered).id).not.toBe(ids[0]);
  });

  it('say that files are not known where the image was not read whole', () => {
    const damaged = { ...image, unknowns: [{ code: 'layer-damaged', message: '', place: { source: 'x' } }] };
    expect(factsOf({}, damaged).filesKnown).toBe(false);
    expect(releaseFacts({}).filesKnown).toBe(false);
    const { release: _, ...listed } = image;
    expect(factsOf({}, listed).filesKnown).toBe(false);
  });
});

describe('programs that a command line starts', () => {
  it.each<[string[], string[]]>([
    [['nginx', '-g', 'x'], ['nginx']],
    [
      ['tini', '--', 'node', 'a.js'],
      ['tini', 'node'],
    ],
    [
      ['/usr/bin/env', 'A=b', 'python3', 'x.py'],
      ['/usr/bin/env', 'python3'],
    ],
    [
      ['gosu', 'redis', 'redis-server'],
      ['gosu', 'redis-server'],
    ],
    [
      ['bash', '-ec', 'cd /x; A=1 migrate up && exec gosu app serve | tee log'],
      ['bash', 'migrate', 'gosu', 'serve', 'tee'],
    ],
    [['sh', '/run.sh', '-c'], ['sh']],
    [['sh', '-c', '$RUN me'], ['sh']],
    [[], []],
  ])('%j', (command, programs) => {
    expect(startedPrograms(command)).toEqual(programs);
  });
});
