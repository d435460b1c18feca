import { dirname } from 'node:path/posix';
import type { ManifestObject, Place, Unknown } from '@breakwater/model';
import type { ContainerDraft } from '../container-draft.ts';
import {
  addCapabilities,
  addDefaultProfile,
  addPrivileged,
  addReadOnlyRoot,
  addSecurityOption,
  addUser,
  doubtSecurityOption,
} from '../docker-options.ts';
import { WrittenReader } from '../read-written.ts';
import { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, isWrittenList, isWrittenMap, plainOf, type Written } from '../written.ts';
import { addPorts } from './add-ports.ts';
import { addVolumes } from './add-volumes.ts';
import type { Variables } from './interpolate.ts';
import { networksOf } from './networks-of.ts';
import { parseSize } from './parse-size.ts';
import { besides, isLocal } from './references.ts';

/** What one service is translated with. */
export interface ServiceContext {
  project: string;
  swarm: boolean;
  /** Top-level `volumes` and `networks` of the project. */
  volumes: ReadonlyMap<string, Written>;
  networks: ReadonlyMap<string, Written>;
  /** Variables that files of `env_file` set, for the services that name them. */
  envFiles: (service: Written) => readonly Variables[];
  /** Variables of the project, for those that a service only names. */
  variables: Variables;
}

/** What a Swarm leaves out of a stack file, and the plain Compose does not. */
const IGNORED_BY_SWARM = [
  'privileged',
  'security_opt',
  'devices',
  'network_mode',
  'pid',
  'ipc',
  'userns_mode',
] as const;

const HOST_MODES = [
  ['network_mode', 'hostNetwork'],
  ['pid', 'hostPID'],
  ['ipc', 'hostIPC'],
] as const;

/** One service of Compose, or of a stack of Swarm, as a workload. */
export function translateService(
  name: string,
  service: Written,
  context: ServiceContext,
): { object: ManifestObject; unknowns: Unknown[] } {
  const { project, swarm } = context;
  const draft = new WorkloadDraft({
    platform: swarm ? 'swarm' : 'compose',
    apiVersion: swarm ? 'swarm/v1' : 'compose/v1',
    kind: swarm ? 'SwarmService' : 'ComposeService',
    cluster: swarm ? 'swarm' : 'docker',
    namespace: project,
    name,
    place: service.place,
  });
  const reader = new WrittenReader(`service ${name}`);
  const container = draft.addContainer(name, service);
  const given = swarm ? withoutIgnored(service, draft, container, reader) : service;
  addImage(container, name, given, context, reader);
  addSecurity(container, given, reader);
  addNamespaces(draft, given, reader);
  addEnvironment(container, given, context, reader);
  addPorts(container, given, swarm, reader);
  addVolumes({ draft, container, volumes: context.volumes, reader }, given);
  addResources(container, given, reader);
  if (!swarm) doubtRequests(container);
  const replicas = reader.integer(fieldOf(given, 'deploy', 'replicas') ?? fieldOf(given, 'scale'));
  const object = draft.finish({
    labels: labelsOf(given, reader),
    ...(replicas !== undefined && { replicas }),
    networks: networksOf(given, context.networks, reader),
    source: plainOf(service),
  });
  return { object, unknowns: [...draft.unknowns, ...reader.unknowns] };
}

/* The same file may be started by Compose, which obeys them: then neither can be told. */
function withoutIgnored(
  service: Written,
  draft: WorkloadDraft,
  container: ContainerDraft,
  reader: WrittenReader,
): Written {
  if (!isWrittenMap(service)) return service;
  const fields = new Map(service.value);
  for (const key of IGNORED_BY_SWARM) {
    const written = fields.get(key);
    if (written === undefined || written.value === null || written.value === false) continue;
    fields.delete(key);
    const reason = `${key}, which Swarm ignores and Compose obeys`;
    if (key === 'privileged') container.doubt(['securityContext', 'privileged'], reason, written);
    for (const option of key === 'security_opt' ? reader.list(written) : [])
      doubtSecurityOption(container, option, reason, reader);
    const namespace = HOST_MODES.find(([name]) => name === key)?.[1];
    if (namespace !== undefined && written.value === 'host') draft.doubtPod([namespace], reason, written);
  }
  return { ...service, value: fields };
}

/* What Compose builds without a name is called after project and service. */
function addImage(
  container: ContainerDraft,
  name: string,
  service: Written,
  { project, swarm }: ServiceContext,
  reader: WrittenReader,
): void {
  const image = fieldOf(service, 'image');
  const build = fieldOf(service, 'build');
  if (image !== undefined) container.set(['image'], reader.text(image) ?? '', image);
  else if (build !== undefined) container.set(['image'], `${project}-${name}`, { ...build, unset: [], value: null });
  if (build !== undefined) addRecipe(container, build, reader);
  addPullPolicy(container, service, swarm, reader);
  for (const key of ['command', 'entrypoint'] as const) {
    const written = fieldOf(service, key);
    const words = typeof written?.value === 'string' ? [written] : reader.list(written);
    for (const word of words)
      container.add([key === 'command' ? 'args' : 'command'], reader.text(word) ?? '', { ...word, unset: [] });
  }
}

const PULL_POLICIES = new Map([
  ['always', 'Always'],
  ['never', 'Never'],
  ['missing', 'IfNotPresent'],
  ['if_not_present', 'IfNotPresent'],
]);

/* Without a word Compose takes the image that is there; Swarm asks the registry each time. What is built has its own rules. */
function addPullPolicy(container: ContainerDraft, service: Written, swarm: boolean, reader: WrittenReader): void {
  const written = fieldOf(service, 'pull_policy');
  const named = PULL_POLICIES.get(reader.text(written) ?? (swarm ? 'always' : 'missing'));
  const built = written === undefined && fieldOf(service, 'build') !== undefined;
  if (named !== undefined && !built) container.set(['imagePullPolicy'], named, written ?? { ...service, value: null });
}

/* Which Dockerfile makes the image: it says more than a name does. */
function addRecipe(container: ContainerDraft, build: Written, reader: WrittenReader): void {
  const context = typeof build.value === 'object' ? reader.text(fieldOf(build, 'context')) : reader.text(build);
  const name = reader.text(fieldOf(build, 'dockerfile')) ?? 'Dockerfile';
  if (context === undefined || !isLocal(context) || build.unset.length > 0 || !isLocal(name)) return;
  const target = reader.text(fieldOf(build, 'target'));
  const dockerfile = besides(dirname(build.place.source), context, name);
  container.set(['build'], { dockerfile, ...(target !== undefined && { target }) }, { ...build, value: null });
}

const CAPABILITIES = [
  ['cap_add', 'add'],
  ['cap_drop', 'drop'],
] as const;

function addSecurity(container: ContainerDraft, service: Written, reader: WrittenReader): void {
  addPrivileged(container, fieldOf(service, 'privileged'), reader);
  for (const [key, list] of CAPABILITIES) {
    const written = fieldOf(service, key);
    addCapabilities(container, list, reader.list(written), reader);
    if (written !== undefined && !isWrittenList(written))
      container.doubt(['securityContext', 'capabilities', list], `${key}, which is no list`);
  }
  addReadOnlyRoot(container, fieldOf(service, 'read_only'), reader);
  addUser(container, fieldOf(service, 'user'), reader);
  for (const option of reader.list(fieldOf(service, 'security_opt'))) addSecurityOption(container, option, reader);
  addDefaultProfile(container, service);
}

function addNamespaces(draft: WorkloadDraft, service: Written, reader: WrittenReader): void {
  for (const [key, field] of HOST_MODES) {
    const written = fieldOf(service, key);
    if (written === undefined) continue;
    if (reader.text(written) === 'host' || written.unset.length > 0) draft.setPod([field], true, written);
  }
  const networks = fieldOf(service, 'networks');
  const names = isWrittenMap(networks)
    ? [...networks.value]
    : reader.list(networks).map((item) => [item.value, item] as const);
  const host = names.find(([name]) => name === 'host');
  if (host !== undefined) draft.setPod(['hostNetwork'], true, host[1]);
  const runtime = fieldOf(service, 'runtime');
  if (runtime !== undefined) draft.setPod(['runtimeClassName'], reader.text(runtime) ?? '', runtime);
  for (const { key, value, item } of reader.pairs(fieldOf(service, 'sysctls')))
    draft.addSysctl(key, reader.text(value) ?? '', item);
}

function addEnvironment(
  container: ContainerDraft,
  service: Written,
  context: ServiceContext,
  reader: WrittenReader,
): void {
  const own = reader.pairs(fieldOf(service, 'environment'));
  const named = new Set(own.map(({ key }) => key));
  for (const variables of context.envFiles(service)) {
    for (const [key, { value, place }] of variables) {
      if (!named.has(key)) container.addVariable(key, value, writtenAt(value, place));
    }
  }
  for (const { key, value, item } of own) {
    const known = context.variables.get(key);
    if (value !== undefined) container.addVariable(key, reader.text(value) ?? '', value);
    else if (known !== undefined) container.addVariable(key, known.value, writtenAt(known.value, known.place));
    else container.addVariable(key, { valueFrom: { variable: key } }, { ...item, unset: [] });
  }
}

function writtenAt(value: string, place: Place): Written {
  return { value, place, unset: [] };
}

const RESOURCES = [
  [['mem_limit'], 'limits', 'memory'],
  [['deploy', 'resources', 'limits', 'memory'], 'limits', 'memory'],
  [['cpus'], 'limits', 'cpu'],
  [['deploy', 'resources', 'limits', 'cpus'], 'limits', 'cpu'],
  [['mem_reservation'], 'requests', 'memory'],
  [['deploy', 'resources', 'reservations', 'memory'], 'requests', 'memory'],
  [['deploy', 'resources', 'reservations', 'cpus'], 'requests', 'cpu'],
] as const;

function addResources(container: ContainerDraft, service: Written, reader: WrittenReader): void {
  for (const [path, list, name] of RESOURCES) {
    const written = fieldOf(service, ...path);
    const text = reader.text(written);
    if (written === undefined || text === undefined || text === '0') continue;
    const quantity = name === 'memory' ? parseSize(text) : text;
    if (quantity === undefined && written.unset.length === 0) reader.wrong(written, 'a size');
    else container.set(['resources', list, name], quantity ?? text, written);
  }
}

/* What only places a container on one of several hosts means nothing on the only one. */
function doubtRequests(container: ContainerDraft): void {
  const resources = container.object['resources'] as { requests?: Record<string, unknown> } | undefined;
  if (resources?.requests?.['cpu'] === undefined)
    container.doubt(['resources', 'requests', 'cpu'], 'a request of processors, which Compose does not make');
}

function labelsOf(service: Written, reader: WrittenReader): Record<string, string> {
  const pairs = [...reader.pairs(fieldOf(service, 'labels')), ...reader.pairs(fieldOf(service, 'deploy', 'labels'))];
  return Object.fromEntries(pairs.map(({ key, value }) => [key, reader.text(value) ?? '']));
}
