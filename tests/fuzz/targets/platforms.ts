import { ManifestObject, Unknown } from '@breakwater/model';
import type { PlatformDocument } from '../../../packages/sources/src/manifests/platforms/platform-document.ts';
import { translatePlatforms } from '../../../packages/sources/src/manifests/platforms/translate-platforms.ts';
import { readManifestText } from '../../../packages/sources/src/manifests/read-manifest-text.ts';
import type { FuzzTarget, Seed } from '../target.ts';

const COMPOSE = `name: shop
x-common: &common { restart: always, privileged: true }
include: [parts.yaml]
services:
  web:
    <<: *common
    image: "nginx:\${TAG:-1}"
    ports: ["127.0.0.1:8080:80", "9000-9002:9000-9002/udp", { target: 443, published: "8443" }]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro", { type: bind, source: ., target: /app }, "data:/data"]
    environment: { A: 1, B: "\${B:?unset}" }
    env_file: [.env]
    security_opt: ["seccomp=unconfined", "label:disable"]
    extends: { file: parts.yaml, service: base }
    deploy: { replicas: 2, resources: { limits: { memory: 64M, cpus: "0.5" } }, placement: {} }
volumes: { data: { driver_opts: { type: none, o: bind, device: / } } }
`;
const PARTS = 'services: { base: { image: base, cap_add: [ALL], user: "0:0", sysctls: ["a=b"], extends: base } }';
const TASK = {
  family: 'shop',
  networkMode: 'host',
  requiresCompatibilities: ['EC2'],
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx',
      privileged: true,
      memory: 64,
      portMappings: [{ containerPort: 80, hostPort: 80 }],
      linuxParameters: { capabilities: { add: ['ALL'] }, devices: [{ hostPath: '/dev/fuse' }] },
      mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }],
      secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:eu:1:parameter/a' }],
    },
  ],
  volumes: [{ name: 'v', host: { sourcePath: '/' } }],
};
const GROUP = {
  id: '/prod',
  groups: [
    {
      id: 'shop',
      apps: [
        {
          id: 'web',
          container: {
            type: 'DOCKER',
            docker: {
              image: 'nginx',
              network: 'HOST',
              parameters: [
                { key: 'cap-add', value: 'ALL' },
                { key: 'v', value: '/:/h' },
              ],
            },
            volumes: [{ containerPath: '/s', hostPath: '/s', mode: 'RO' }],
          },
          env: { A: 'b', C: { secret: 'd' } },
        },
      ],
    },
    {
      id: 'pods',
      pods: [
        { id: 'p', containers: [{ name: 'a', image: { id: 'x' }, endpoints: [{ containerPort: 1 }] }], scaling: {} },
      ],
    },
  ],
};

const seed = (label: string, text: string): Seed => ({ label, bytes: Buffer.from(text) });

/* Each input is read beside a whole file that it may include, extend, or take variables from. */
function translate(text: string, source: string): void {
  const files = { [source]: text, 'parts.yaml': PARTS };
  const documents = Object.entries(files).flatMap(([path, content]): PlatformDocument[] => {
    const read = readManifestText({ source: path, text: content, inChart: false });
    return read.documents.map((document) => ({ ...document, source: path }));
  });
  const { objects, unknowns } = translatePlatforms(documents, new Map([['.env', text]]));
  ManifestObject.array().parse(objects);
  Unknown.array().parse(unknowns);
}

/** Workloads of Compose, ECS and Marathon. */
export const platformTargets: FuzzTarget[] = [
  {
    name: 'compose',
    seeds: () => [seed('services', COMPOSE), seed('services', PARTS)],
    parse: ({ bytes }) => translate(Buffer.from(bytes).toString('utf8'), 'compose.yaml'),
    labelOf: (path) => (/compose[^/]*\.ya?ml$/.test(path) ? 'services' : undefined),
    // A file with faults is read again by a parser that tells where they are.
    floor: 1500,
    perKib: 40,
  },
  {
    name: 'ecs',
    seeds: () => [
      seed('task', JSON.stringify(TASK, null, 2)),
      seed('described', JSON.stringify({ taskDefinition: TASK })),
    ],
    parse: ({ bytes }) => translate(Buffer.from(bytes).toString('utf8'), 'task.json'),
    labelOf: (path) => (/ecs.*\.json$/.test(path) ? 'task' : undefined),
    floor: 1500,
    perKib: 40,
  },
  {
    name: 'marathon',
    seeds: () => [seed('group', JSON.stringify(GROUP, null, 2))],
    parse: ({ bytes }) => translate(Buffer.from(bytes).toString('utf8'), 'group.json'),
    labelOf: (path) => (/marathon.*\.json$/.test(path) ? 'group' : undefined),
    floor: 1500,
    perKib: 40,
  },
];
