import type { ManifestObject, Unknown } from '@breakwater/model';
import type { ContainerDraft } from '../container-draft.ts';
import {
  addCapabilities,
  addDefaultProfile,
  addPrivileged,
  addReadOnlyRoot,
  addSecurityOption,
  addUser,
} from '../docker-options.ts';
import { WrittenReader } from '../read-written.ts';
import { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, plainOf, type Written } from '../written.ts';
import { addTaskVolumes, mountTaskVolumes } from './add-task-volumes.ts';
import type { EcsService } from './read-service.ts';

/** Where a task runs, as far as its definition and services say. */
type Launch = 'fargate' | 'ec2';

/** One task definition with the services that run it. */
export function translateTask(
  family: string,
  task: Written,
  services: readonly EcsService[],
): { object: ManifestObject; unknowns: Unknown[] } {
  const draft = new WorkloadDraft({
    platform: 'ecs',
    apiVersion: 'ecs/v1',
    kind: 'TaskDefinition',
    cluster: 'ecs',
    namespace: services[0]?.cluster ?? 'default',
    name: family,
    place: task.place,
  });
  const reader = new WrittenReader(`task definition ${family}`);
  const launch = launchOf(task, services, reader);
  const mode = reader.text(fieldOf(task, 'networkMode')) ?? (launch === 'fargate' ? 'awsvpc' : 'bridge');
  addNamespaces(draft, task, mode, reader);
  const role = fieldOf(task, 'taskRoleArn');
  if (role !== undefined) draft.setPod(['serviceAccountName'], reader.text(role) ?? '', role);
  addTaskVolumes(draft, task, launch, reader);
  for (const definition of reader.mappings(fieldOf(task, 'containerDefinitions'))) {
    const name = reader.text(fieldOf(definition, 'name')) ?? '';
    const container = draft.addContainer(name, definition);
    addContainer(container, definition, task, launch, reader);
    addPorts(container, name, definition, mode, services, reader);
    mountTaskVolumes(draft, container, definition, reader);
    addSysctls(draft, definition, reader);
  }
  const replicas = services.flatMap((service) => service.replicas ?? []).reduce((sum, count) => sum + count, 0);
  const object = draft.finish({
    labels: {},
    ...(services.length > 0 && { replicas }),
    networks: mode === 'none' ? [] : [{ name: '/vpc', internal: false }],
    source: plainOf(task),
  });
  return { object, unknowns: [...draft.unknowns, ...reader.unknowns] };
}

/* A definition that may run on both is judged as on EC2, where more is allowed. */
function launchOf(task: Written, services: readonly EcsService[], reader: WrittenReader): Launch {
  const required = reader.list(fieldOf(task, 'requiresCompatibilities')).map((item) => reader.text(item));
  if (services.some(({ launchType }) => launchType === 'EC2' || launchType === 'EXTERNAL')) return 'ec2';
  if (required.length > 0) return required.every((each) => each === 'FARGATE') ? 'fargate' : 'ec2';
  return services.length > 0 && services.every(({ launchType }) => launchType === 'FARGATE') ? 'fargate' : 'ec2';
}

function addNamespaces(draft: WorkloadDraft, task: Written, mode: string, reader: WrittenReader): void {
  const network = fieldOf(task, 'networkMode');
  if (mode === 'host' && network !== undefined) draft.setPod(['hostNetwork'], true, network);
  for (const [key, field] of [
    ['pidMode', 'hostPID'],
    ['ipcMode', 'hostIPC'],
  ] as const) {
    const written = fieldOf(task, key);
    if (written !== undefined && reader.text(written) === 'host') draft.setPod([field], true, written);
  }
  const system = fieldOf(task, 'runtimePlatform', 'operatingSystemFamily');
  if (reader.text(system)?.startsWith('WINDOWS')) draft.setPod(['os', 'name'], 'windows', system!);
}

function addContainer(
  container: ContainerDraft,
  definition: Written,
  task: Written,
  launch: Launch,
  reader: WrittenReader,
): void {
  const image = fieldOf(definition, 'image');
  if (image !== undefined) container.set(['image'], reader.text(image) ?? '', image);
  for (const [key, to] of [
    ['entryPoint', 'command'],
    ['command', 'args'],
  ] as const)
    for (const word of reader.list(fieldOf(definition, key))) container.add([to], reader.text(word) ?? '', word);
  const linux = fieldOf(definition, 'linuxParameters');
  addPrivileged(container, fieldOf(definition, 'privileged'), reader);
  addCapabilities(container, 'add', reader.list(fieldOf(linux, 'capabilities', 'add')), reader);
  addCapabilities(container, 'drop', reader.list(fieldOf(linux, 'capabilities', 'drop')), reader);
  addReadOnlyRoot(container, fieldOf(definition, 'readonlyRootFilesystem'), reader);
  addUser(container, fieldOf(definition, 'user'), reader);
  for (const option of reader.list(fieldOf(definition, 'dockerSecurityOptions')))
    addSecurityOption(container, option, reader);
  addProfile(container, definition, launch);
  addEnvironment(container, definition, reader);
  addResources(container, definition, task, reader);
}

/* The agent of EC2 starts containers with the profile of their runtime; what Fargate filters, nobody says. */
function addProfile(container: ContainerDraft, definition: Written, launch: Launch): void {
  if (launch === 'ec2') addDefaultProfile(container, definition);
  else container.doubt(['securityContext', 'seccompProfile'], 'the filter of system calls of Fargate');
}

function addEnvironment(container: ContainerDraft, definition: Written, reader: WrittenReader): void {
  for (const variable of reader.mappings(fieldOf(definition, 'environment'))) {
    const name = reader.text(fieldOf(variable, 'name')) ?? '';
    container.addVariable(name, reader.text(fieldOf(variable, 'value')) ?? '', fieldOf(variable, 'value') ?? variable);
  }
  for (const secret of reader.mappings(fieldOf(definition, 'secrets'))) {
    const name = reader.text(fieldOf(secret, 'name')) ?? '';
    const from = secretName(reader.text(fieldOf(secret, 'valueFrom')) ?? '');
    container.addVariable(name, { valueFrom: { secretKeyRef: { name: from, key: name } } }, secret);
  }
  for (const file of reader.mappings(fieldOf(definition, 'environmentFiles')))
    container.add(['envFrom'], { configMapRef: { name: reader.text(fieldOf(file, 'value')) ?? '' } }, file);
}

/* `arn:aws:ssm:REGION:ACCOUNT:parameter/shop/token` is `shop.token`: names hold no slash here. */
function secretName(from: string): string {
  const name = from.startsWith('arn:') ? from.split(':').slice(5).join(':') : from;
  return name.replace(/^(?:parameter\/|secret:)/, '').replaceAll('/', '.');
}

/* A task of Fargate, or one with limits of its own, bounds its containers together. */
function addResources(container: ContainerDraft, definition: Written, task: Written, reader: WrittenReader): void {
  const memory = fieldOf(definition, 'memory') ?? fieldOf(task, 'memory');
  const mebibytes = reader.text(memory);
  if (memory !== undefined && mebibytes !== undefined)
    container.set(['resources', 'limits', 'memory'], inMebi(mebibytes), memory);
  const reserved = fieldOf(definition, 'memoryReservation');
  const soft = reader.text(reserved);
  if (reserved !== undefined && soft !== undefined)
    container.set(['resources', 'requests', 'memory'], inMebi(soft), reserved);
  const cpu = fieldOf(definition, 'cpu');
  const units = reader.integer(cpu);
  if (cpu !== undefined && units !== undefined && units > 0)
    container.set(['resources', 'requests', 'cpu'], `${Math.round((units * 1000) / 1024)}m`, cpu);
  const whole = fieldOf(task, 'cpu');
  const limit = reader.text(whole);
  if (whole !== undefined && limit !== undefined && /^\d+$/.test(limit))
    container.set(['resources', 'limits', 'cpu'], `${Math.round((Number(limit) * 1000) / 1024)}m`, whole);
}

/* `2048`, `2 GB`, `.5GB`. */
function inMebi(text: string): string {
  const found = /^(\d{0,9}(?:\.\d{1,6})?)\s*(GB)?$/i.exec(text.trim());
  return found === null ? text : `${Math.round(Number(found[1]) * (found[2] ? 1024 : 1))}Mi`;
}

function addSysctls(draft: WorkloadDraft, definition: Written, reader: WrittenReader): void {
  for (const item of reader.mappings(fieldOf(definition, 'systemControls')))
    draft.addSysctl(reader.text(fieldOf(item, 'namespace')) ?? '', reader.text(fieldOf(item, 'value')) ?? '', item);
}

/* In `awsvpc` a port belongs to the task's own address; in `bridge` host port 0 is one that the host chooses. */
function addPorts(
  container: ContainerDraft,
  name: string,
  definition: Written,
  mode: string,
  services: readonly EcsService[],
  reader: WrittenReader,
): void {
  for (const mapping of reader.mappings(fieldOf(definition, 'portMappings'))) {
    const containerPort = reader.integer(fieldOf(mapping, 'containerPort'));
    if (containerPort === undefined) continue;
    const hostPort = reader.integer(fieldOf(mapping, 'hostPort'));
    const balanced = services.some((service) =>
      service.balanced.some((each) => each.container === name && each.port === containerPort),
    );
    const open = services.some(({ publicAddress }) => publicAddress);
    container.addPort(
      {
        containerPort,
        protocol: reader.text(fieldOf(mapping, 'protocol')) ?? 'tcp',
        name: reader.text(fieldOf(mapping, 'name')),
        hostPort: mode === 'bridge' && hostPort ? hostPort : undefined,
        published: balanced ? 'load-balancer' : open ? 'external-ip' : mode === 'bridge' ? 'host-port' : undefined,
      },
      mapping,
    );
  }
}
