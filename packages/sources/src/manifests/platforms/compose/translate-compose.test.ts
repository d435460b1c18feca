// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose are written so.
import { type ManifestObject, writtenPlace } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { containerOf, podOf, translateTexts } from '../testing.ts';

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];

function service(objects: ManifestObject[], name: string): ManifestObject {
  return objects.find((object) => object.name === name)!;
}

/** Source and pointer of what says a field of the first container. */
function origin(object: ManifestObject, ...path: (string | number)[]): string {
  const { source, pointer, line } = writtenPlace(object, [...CONTAINER, ...path]);
  return `${source} ${pointer === undefined ? line : pointer.join('.')}`;
}

describe('a service', () => {
  const { objects, unknowns } = translateTexts({
    'shop/compose.yaml': `
name: store
services:
  web:
    image: nginx:1.27
    privileged: true
    user: "1000:1000"
    read_only: "true"
    cap_add: [CAP_NET_ADMIN, sys_ptrace]
    cap_drop: [all]
    security_opt: ["no-new-privileges:true", "seccomp=unconfined", "apparmor:mine", "label:disable"]
    network_mode: host
    pid: host
    ipc: host
    sysctls: { net.core.somaxconn: 1024 }
    mem_limit: 512m
    deploy: { replicas: 3, resources: { limits: { cpus: "0.5" }, reservations: { memory: 64M } } }
    environment: { MODE: live, TOKEN: }
    ports: ["127.0.0.1:8080:80", { target: 443, published: "8443", protocol: udp, host_ip: "::1" }]
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - { type: bind, source: ./conf, target: /etc/nginx, read_only: true }
      - disguised:/host
      - data:/data
    devices: ["/dev/kmsg:/dev/kmsg"]
    tmpfs: /tmp
    secrets: [password, { source: key, target: /key }]
    configs: [settings]
    labels: ["team=shop"]
volumes:
  data:
  disguised: { driver_opts: { type: none, o: bind, device: / } }
`,
  });
  const [web] = objects as [ManifestObject];

  it('is a workload of its project', () => {
    expect(unknowns).toEqual([]);
    expect(web).toMatchObject({ kind: 'ComposeService', cluster: 'docker', namespace: 'store', name: 'web' });
    expect(web.object['spec']).toMatchObject({ replicas: 3, template: { metadata: { labels: { team: 'shop' } } } });
  });

  it('keeps its security, its limits and its ports', () => {
    expect(containerOf(web)).toMatchObject({
      image: 'nginx:1.27',
      imagePullPolicy: 'IfNotPresent',
      securityContext: {
        privileged: true,
        runAsUser: 1000,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { add: ['NET_ADMIN', 'SYS_PTRACE'], drop: ['ALL'] },
        seccompProfile: { type: 'Unconfined' },
        appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' },
        seLinuxOptions: { type: 'spc_t' },
      },
      resources: { limits: { memory: '512Mi', cpu: '0.5' }, requests: { memory: '64Mi' } },
      ports: [
        { containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1', protocol: 'TCP', published: 'host-port' },
        { containerPort: 443, hostPort: 8443, hostIP: '::1', protocol: 'UDP', published: 'host-port' },
      ],
      env: [
        { name: 'MODE', value: 'live' },
        { name: 'TOKEN', valueFrom: { variable: 'TOKEN' } },
      ],
    });
    expect(podOf(web)).toMatchObject({
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      automountServiceAccountToken: false,
      securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1024' }] },
    });
  });

  it('shows the paths of the host, also where a named volume hides one', () => {
    const volumes = podOf(web)['volumes'] as { hostPath?: { path: string } }[];
    expect(volumes.flatMap(({ hostPath }) => hostPath?.path ?? [])).toEqual([
      '/var/run/docker.sock',
      './conf',
      '/',
      '/dev/kmsg',
    ]);
    expect(volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'data' } });
    expect(volumes).toContainEqual({ name: 'secret:key', secret: { secretName: 'key' } });
    expect(containerOf(web)['volumeMounts']).toContainEqual({
      name: 'host:/var/run/docker.sock',
      mountPath: '/var/run/docker.sock',
      readOnly: true,
    });
  });

  it('knows where each field is written', () => {
    expect(origin(web, 'securityContext', 'privileged')).toBe('shop/compose.yaml services.web.privileged');
    expect(origin(web, 'securityContext', 'capabilities', 'add', 1)).toBe('shop/compose.yaml services.web.cap_add.1');
    expect(origin(web, 'ports', 1, 'hostPort')).toBe('shop/compose.yaml services.web.ports.1');
    expect(origin(web, 'livenessProbe')).toBe('shop/compose.yaml services.web');
    expect(writtenPlace(web, ['spec', 'template', 'spec', 'volumes', 2]).pointer?.join('.')).toBe(
      'volumes.disguised.driver_opts.device',
    );
  });
});

describe('variables', () => {
  it('come from .env, and tell where', () => {
    const { objects, unknowns } = translateTexts({
      'a/.env': 'TAG=1.27\nPASSWORD=hunter2\n',
      'a/compose.yaml': 'services: { web: { image: "nginx:${TAG}", user: app, environment: ["PASSWORD"] } }',
    });
    expect(unknowns).toEqual([]);
    expect(containerOf(objects[0]!)).toMatchObject({
      image: 'nginx:1.27',
      env: [{ name: 'PASSWORD', value: 'hunter2' }],
    });
    expect(origin(objects[0]!, 'env', 0)).toBe('a/.env 2');
  });

  it('without a value make the field unknown, and are told once with their place', () => {
    const { objects, unknowns } = translateTexts({
      'a/compose.yaml':
        'services: { web: { image: "${REGISTRY}/web:${TAG}", privileged: "${P}", cap_add: ["${TAG}"], volumes: ["${DATA}:/data"], environment: { A: "${SECRET}" } } }',
    });
    const { unknown } = objects[0]!.translation!;
    expect(unknown.map(({ pointer }) => pointer.slice(3).join('.'))).toEqual([
      'containers.0.image',
      'containers.0.securityContext.privileged',
      'containers.0.securityContext.capabilities.add.0',
      'containers.0.securityContext.runAsNonRoot',
      'volumes.0',
      'containers.0.resources.requests.cpu',
    ]);
    expect(unknowns.map(({ code, place }) => [code, place.pointer?.slice(2).join('.')])).toEqual([
      ['variable-unset', 'image'],
      ['variable-unset', 'image'],
      ['variable-unset', 'privileged'],
      ['variable-unset', 'volumes.0'],
    ]);
    expect(containerOf(objects[0]!)['env']).toEqual([{ name: 'A', valueFrom: { variable: 'SECRET' } }]);
  });
});

describe('several files', () => {
  it('merges the override that Compose takes by itself; each field keeps its file', () => {
    const { objects } = translateTexts({
      'a/compose.yaml':
        'services: { web: { image: "nginx:1", cap_add: [SYS_TIME], volumes: ["data:/data"], environment: ["A=1"] } }',
      'a/compose.override.yaml':
        'services: { web: { cap_add: [NET_ADMIN], volumes: ["/srv:/data"], environment: { A: 2, B: 3 }, privileged: true } }',
    });
    expect(objects).toHaveLength(1);
    const [web] = objects as [ManifestObject];
    expect(containerOf(web)['securityContext']).toMatchObject({
      privileged: true,
      capabilities: { add: ['SYS_TIME', 'NET_ADMIN'] },
    });
    expect(podOf(web)['volumes']).toEqual([{ name: 'host:/srv', hostPath: { path: '/srv' } }]);
    expect(containerOf(web)['env']).toEqual([
      { name: 'A', value: '2' },
      { name: 'B', value: '3' },
    ]);
    expect(origin(web, 'securityContext', 'privileged')).toBe('a/compose.override.yaml services.web.privileged');
    expect(origin(web, 'image')).toBe('a/compose.yaml services.web.image');
  });

  it('takes what another file changes as a further definition', () => {
    const { objects, unknowns } = translateTexts({
      'a/docker-compose.yml': 'services: { web: { image: "nginx:1" }, db: { image: postgres } }',
      'a/docker-compose.prod.yml': 'services: { web: { privileged: true }, cache: { image: redis } }',
      'a/broken.yml': 'services: { other: { ports: ["80"] }, x: { image: y } }',
    });
    expect(objects.map(({ name }) => name)).toEqual(['web', 'db', 'web', 'cache', 'x']);
    expect(containerOf(objects[2]!)).toMatchObject({ image: 'nginx:1', securityContext: { privileged: true } });
    expect(unknowns.map(({ code, place }) => [code, place.source])).toEqual([['service-incomplete', 'a/broken.yml']]);
  });

  it('follows extends and include, and tells what leads in circles or nowhere', () => {
    const { objects, unknowns } = translateTexts({
      'a/compose.yaml': `
include: [ ../b/parts.yaml, ./missing.yaml, "https://example.com/x.yaml" ]
services:
  web: { extends: { file: common.yml, service: base }, image: "web:1", depends_on: [db] }
  loop: { extends: loop, image: loop }
  lost: { extends: { file: common.yml, service: none }, image: lost }
`,
      'a/common.yml': 'services: { base: { image: base, privileged: true, links: [x], cap_add: [BPF] } }',
      'b/parts.yaml': 'include: [ ../a/compose.yaml ]\nservices: { db: { image: postgres, user: "0" } }',
    });
    expect(objects.map(({ name, namespace }) => `${namespace}/${name}`)).toEqual(['a/db', 'a/web', 'a/loop', 'a/lost']);
    const web = service(objects, 'web');
    expect(containerOf(web)).toMatchObject({ image: 'web:1', securityContext: { privileged: true } });
    expect(origin(web, 'securityContext', 'privileged')).toBe('a/common.yml services.base.privileged');
    expect(origin(service(objects, 'db'), 'image')).toBe('b/parts.yaml services.db.image');
    expect(unknowns.map(({ code, place }) => [code, place.source]).sort()).toEqual([
      ['extends-cyclic', 'a/compose.yaml'],
      ['file-missing', 'a/compose.yaml'],
      ['file-remote', 'a/compose.yaml'],
      ['include-cyclic', 'b/parts.yaml'],
      ['service-missing', 'a/compose.yaml'],
    ]);
  });

  it('resets and overrides where a later file says so', () => {
    const { objects } = translateTexts({
      'a/compose.yaml': 'services: { web: { image: "nginx:1", ports: ["80:80"], cap_add: [BPF], privileged: true } }',
      'a/compose.override.yaml':
        'services:\n  web:\n    ports: !reset []\n    privileged: !reset null\n    cap_add: !override [SYS_TIME]\n',
    });
    const container = containerOf(objects[0]!);
    expect(container['ports']).toBeUndefined();
    expect(container['securityContext']).toMatchObject({ capabilities: { add: ['SYS_TIME'] } });
    expect(container['securityContext']).not.toHaveProperty('privileged');
  });

  it('keeps folders of one name apart', () => {
    const web = 'services: { web: { image: nginx } }';
    const { objects } = translateTexts({ 'x/app/compose.yaml': web, 'y/app/compose.yaml': web });
    expect(objects.map(({ namespace }) => namespace)).toEqual(['x-app', 'y-app']);
  });
});

describe('a stack of Swarm', () => {
  const { objects } = translateTexts({
    'stack.yml': `
services:
  web:
    image: nginx
    privileged: true
    pid: host
    security_opt: ["apparmor:unconfined"]
    cap_add: [SYS_ADMIN]
    ports: ["80:80", { target: 443, published: 443, mode: host }]
    deploy: { mode: global }
`,
  });
  const [web] = objects as [ManifestObject];

  it('publishes on every node, and on its own with mode host', () => {
    expect(web.kind).toBe('SwarmService');
    expect(containerOf(web)['ports']).toEqual([
      { containerPort: 80, protocol: 'TCP', published: 'node-port' },
      { containerPort: 443, protocol: 'TCP', published: 'host-port', hostPort: 443 },
    ]);
  });

  it('does not know what Swarm ignores and Compose obeys', () => {
    expect(containerOf(web)['securityContext']).toMatchObject({ capabilities: { add: ['SYS_ADMIN'] } });
    const doubts = web.translation!.unknown.map(({ pointer }) => pointer.slice(3).join('.'));
    expect(doubts).toContain('containers.0.securityContext.privileged');
    expect(doubts).toContain('hostPID');
    expect(doubts).toContain('containers.0.securityContext.appArmorProfile');
    expect(doubts).not.toContain('containers.0.securityContext');
  });
});

describe('bad input', () => {
  it('tells wrong types with their places, and reads the rest', () => {
    const { objects, unknowns } = translateTexts({
      'compose.yaml': `
services:
  web: { image: [nginx], privileged: perhaps, cap_add: all, ports: [{ target: x }, "a:b"], volumes: 7, environment: [[1]], user: { a: 1 } }
  text: nginx
  list: [1]
`,
    });
    expect(objects.map(({ name }) => name)).toEqual(['web']);
    expect(unknowns.map(({ code, place }) => `${code} ${place.pointer?.join('.')}`).sort()).toEqual([
      'field-invalid services.list',
      'field-invalid services.text',
      'field-invalid services.web.cap_add',
      'field-invalid services.web.environment.0',
      'field-invalid services.web.image',
      'field-invalid services.web.ports.0.target',
      'field-invalid services.web.ports.1',
      'field-invalid services.web.privileged',
      'field-invalid services.web.user',
      'field-invalid services.web.volumes',
    ]);
  });

  it('tells services that are none', () => {
    expect(translateTexts({ 'compose.yaml': 'services: [a]' }).unknowns).toMatchObject([
      { code: 'field-invalid', place: { source: 'compose.yaml', pointer: ['services'] } },
    ]);
  });

  it('touches no prototype', () => {
    translateTexts({ 'compose.yaml': 'services: { constructor: { image: x, labels: { constructor: y } } }' });
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
    expect(translateTexts({ 'compose.yaml': 'services: { __proto__: { image: x } }' }).objects).toEqual([]);
  });
});
