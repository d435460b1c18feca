import { type ManifestObject, writtenPlace } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { containerOf, podOf, translateTexts } from '../testing.ts';

const TASK = {
  family: 'shop',
  networkMode: 'bridge',
  pidMode: 'host',
  taskRoleArn: 'arn:aws:iam::1:role/shop',
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx:1.27',
      privileged: true,
      memory: 256,
      cpu: 512,
      user: '0',
      portMappings: [
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 81, hostPort: 0 },
      ],
      environment: [{ name: 'MODE', value: 'live' }],
      secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu:1:parameter/shop/token' }],
      linuxParameters: { capabilities: { add: ['SYS_ADMIN'] }, devices: [{ hostPath: '/dev/fuse' }] },
      dockerSecurityOptions: ['no-new-privileges', 'apparmor:unconfined'],
      mountPoints: [{ sourceVolume: 'docker', containerPath: '/sock', readOnly: true }],
      systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }],
    },
  ],
  volumes: [
    { name: 'docker', host: { sourcePath: '/var/run/docker.sock' } },
    { name: 'scratch', host: {} },
  ],
};

const text = (value: unknown): string => JSON.stringify(value, null, 2);
const doubts = ({ translation }: ManifestObject): string[] =>
  translation!.unknown.map(({ pointer }) => pointer.slice(3).join('.'));

describe('a task definition', () => {
  const { objects, unknowns } = translateTexts({ 'task.json': text({ taskDefinition: TASK, tags: [] }) });
  const [task] = objects as [ManifestObject];

  it('is a workload, as registered and as described', () => {
    expect(unknowns).toEqual([]);
    expect(task).toMatchObject({ kind: 'TaskDefinition', cluster: 'ecs', namespace: 'default', name: 'shop' });
    const registered = translateTexts({ 'task.json': text(TASK) }).objects[0]!;
    expect(registered.object['spec']).toEqual(task.object['spec']);
    expect(registered.place).toEqual({ source: 'task.json', document: 0, line: 1 });
    expect(task.place.pointer).toEqual(['taskDefinition']);
  });

  it('keeps what its containers may do', () => {
    expect(containerOf(task)).toMatchObject({
      securityContext: {
        privileged: true,
        runAsUser: 0,
        capabilities: { add: ['SYS_ADMIN'] },
        allowPrivilegeEscalation: false,
        appArmorProfile: { type: 'Unconfined' },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      resources: { limits: { memory: '256Mi' }, requests: { cpu: '500m' } },
      env: [
        { name: 'MODE', value: 'live' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop.token', key: 'TOKEN' } } },
      ],
      ports: [
        { containerPort: 80, hostPort: 8080, published: 'host-port' },
        { containerPort: 81, published: 'host-port' },
      ],
    });
    expect(podOf(task)).toMatchObject({
      hostPID: true,
      serviceAccountName: 'arn:aws:iam::1:role/shop',
      securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1024' }] },
      volumes: [
        { name: 'docker', hostPath: { path: '/var/run/docker.sock' } },
        { name: 'scratch', emptyDir: {} },
        { name: 'device:/dev/fuse', hostPath: { path: '/dev/fuse' } },
      ],
    });
  });

  it('knows where each field is written', () => {
    const at = (...path: (string | number)[]) =>
      writtenPlace(task, ['spec', 'template', 'spec', ...path]).pointer?.join('.');
    expect(at('hostPID')).toBe('taskDefinition.pidMode');
    expect(at('containers', 0, 'securityContext', 'capabilities', 'add', 0)).toBe(
      'taskDefinition.containerDefinitions.0.linuxParameters.capabilities.add.0',
    );
    expect(at('volumes', 0)).toBe('taskDefinition.volumes.0');
  });
});

describe('Fargate', () => {
  const fargate = {
    ...TASK,
    networkMode: 'awsvpc',
    pidMode: 'task',
    requiresCompatibilities: ['FARGATE'],
    memory: '2 GB',
    cpu: '1024',
  };
  const [task] = translateTexts({ 'task.json': text(fargate) }).objects as [ManifestObject];

  it('gives each task an address of its own and no folder of a host', () => {
    expect(containerOf(task)['ports']).toEqual([
      { containerPort: 80, protocol: 'TCP' },
      { containerPort: 81, protocol: 'TCP' },
    ]);
    expect(podOf(task)['hostPID']).toBeUndefined();
    expect(podOf(task)['volumes']).toContainEqual({ name: 'docker', emptyDir: {} });
  });

  it('bounds the task as a whole, and does not say what it filters', () => {
    expect(containerOf(task)['resources']).toMatchObject({ limits: { memory: '256Mi', cpu: '1000m' } });
    expect(doubts(task)).toEqual(['containers.0.securityContext.seccompProfile']);
  });
});

describe('a service', () => {
  it('says how often its task runs, and behind what', () => {
    const { objects, unknowns } = translateTexts({
      'task.json': text({ ...TASK, containerDefinitions: [{ ...TASK.containerDefinitions[0], user: undefined }] }),
      'services.json': text({
        services: [
          {
            serviceName: 'shop',
            clusterArn: 'arn:aws:ecs:eu:1:cluster/prod',
            taskDefinition: 'arn:aws:ecs:eu:1:task-definition/shop:7',
            desiredCount: 3,
            launchType: 'EC2',
            loadBalancers: [{ targetGroupArn: 'x', containerName: 'web', containerPort: 80 }],
            networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'ENABLED' } },
          },
        ],
      }),
      'other.json': text({ serviceName: 'lost', taskDefinition: 'gone', desiredCount: 1 }),
    });
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({ namespace: 'prod', object: { spec: { replicas: 3 } } });
    expect(containerOf(objects[0]!)['ports']).toMatchObject([
      { published: 'load-balancer' },
      { published: 'external-ip' },
    ]);
    expect(doubts(objects[0]!)).toEqual(['containers.0.securityContext.runAsNonRoot']);
    expect(unknowns).toMatchObject([{ code: 'task-definition-missing', place: { source: 'other.json' } }]);
  });
});

describe('bad input', () => {
  it('tells wrong types with their places, and reads the rest', () => {
    const { objects, unknowns } = translateTexts({
      'task.json': text({
        family: 7,
        containerDefinitions: [
          'x',
          { name: [], image: {}, privileged: 'perhaps', portMappings: { a: 1 }, linuxParameters: 3, memory: {} },
        ],
        volumes: 'none',
      }),
      'empty.json': text({ family: 'e', containerDefinitions: 'none' }),
    });
    expect(objects.map(({ name }) => name)).toEqual(['task', 'e']);
    expect(unknowns.map(({ place }) => place.pointer?.join('.')).sort()).toEqual([
      'containerDefinitions',
      'containerDefinitions.0',
      'containerDefinitions.1.image',
      'containerDefinitions.1.memory',
      'containerDefinitions.1.name',
      'containerDefinitions.1.portMappings',
      'containerDefinitions.1.privileged',
      'volumes',
    ]);
    expect(doubts(objects[0]!)).toContain('containers.0.securityContext.privileged');
  });
});
