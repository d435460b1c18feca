import type { Container, ContainerSecurity, Port } from '@breakwater/model';
import { capabilityName } from './capabilities.ts';
import type { Fields } from './fields.ts';

const PUBLICATIONS = ['host-port', 'node-port', 'load-balancer', 'external-ip'] as const;

/** What a container takes from its pod. */
export interface PodFacts {
  context: Fields;
  annotations: Record<string, string>;
  /** Services that some texts of its containers name as hosts. */
  findServices: (texts: readonly string[]) => string[];
}

/**
 * Reads one container, its security context merged with the pod's as the kubelet merges them: the container's word counts.
 * Of its command line and the values of its environment only conclusions are kept: the texts may hold secrets.
 */
export function readContainer(container: Fields, role: Container['role'], pod: PodFacts): Container {
  const name = container.string('name') ?? '';
  const resources = container.child('resources');
  const variables = container.children('env');
  const commandLine = [...container.strings('command'), ...container.strings('args')];
  const environment = [...variables.map(readVariable), ...container.children('envFrom').map(readVariables)];
  const values = variables.flatMap((variable) => variable.string('value') ?? []);
  return {
    name,
    role,
    ...(role === 'init' && container.string('restartPolicy') === 'Always' && { sidecar: true as const }),
    image: container.string('image') ?? '',
    ...defined('recipe', recipeOf(container)),
    environment,
    namedServices: pod.findServices([...values, ...commandLine]),
    asksPassword: [...environment.map((variable) => variable.name), ...commandLine].some(isAboutPassword),
    ports: container.children('ports').flatMap(readPort),
    security: readSecurity(container.child('securityContext'), name, pod),
    limits: resources.texts('limits', { numbers: true }),
    requests: resources.texts('requests', { numbers: true }),
    mounts: container.children('volumeMounts').flatMap(readMount),
    pointer: container.pointer,
  };
}

function readSecurity(own: Fields, container: string, { context, annotations }: PodFacts): ContainerSecurity {
  const capabilities = own.child('capabilities');
  const seccomp =
    profileOf(own, 'seccompProfile') ?? profileOf(context, 'seccompProfile') ?? oldSeccomp(container, annotations);
  const appArmor =
    profileOf(own, 'appArmorProfile') ?? profileOf(context, 'appArmorProfile') ?? oldAppArmor(container, annotations);
  return {
    privileged: own.boolean('privileged') ?? false,
    capabilitiesAdded: capabilities.strings('add').map(capabilityName),
    capabilitiesDropped: capabilities.strings('drop').map(capabilityName),
    ...defined('allowPrivilegeEscalation', own.boolean('allowPrivilegeEscalation')),
    ...defined('runAsUser', own.integer('runAsUser') ?? context.integer('runAsUser')),
    ...defined('runAsNonRoot', own.boolean('runAsNonRoot') ?? context.boolean('runAsNonRoot')),
    ...defined('readOnlyRootFilesystem', own.boolean('readOnlyRootFilesystem')),
    ...defined('seccompProfile', seccomp),
    ...defined('appArmorProfile', appArmor),
    ...defined('procMount', own.string('procMount')),
  };
}

/* `RuntimeDefault`, `Unconfined`, `Localhost/profiles/audit.json`. */
function profileOf(context: Fields, key: string): string | undefined {
  if (!context.has(key)) return undefined;
  const profile = context.child(key);
  const type = profile.string('type');
  return type === 'Localhost' ? `Localhost/${profile.string('localhostProfile') ?? ''}` : type;
}

/* Before the fields there were annotations; old manifests have them, and kubelets of that time obey them. */
function oldSeccomp(container: string, annotations: Record<string, string>): string | undefined {
  const text =
    annotations[`container.seccomp.security.alpha.kubernetes.io/${container}`] ??
    annotations['seccomp.security.alpha.kubernetes.io/pod'];
  if (text === 'runtime/default' || text === 'docker/default') return 'RuntimeDefault';
  return text === 'unconfined' ? 'Unconfined' : text?.replace(/^localhost\//, 'Localhost/');
}

function oldAppArmor(container: string, annotations: Record<string, string>): string | undefined {
  const text = annotations[`container.apparmor.security.beta.kubernetes.io/${container}`];
  if (text === 'runtime/default') return 'RuntimeDefault';
  return text === 'unconfined' ? 'Unconfined' : text?.replace(/^localhost\//, 'Localhost/');
}

/* A password, a certificate or the like in a word: whoever calls is asked for it. */
function isAboutPassword(word: string): boolean {
  return /pass(?:word|wd)?|auth|tls/i.test(word) && !/ALLOW_EMPTY/i.test(word);
}

function readVariable(variable: Fields): Container['environment'][number] {
  return {
    name: variable.string('name') ?? '',
    ...defined('from', variable.has('valueFrom') ? sourceOf(variable.child('valueFrom')) : undefined),
  };
}

/* `secret/database/password`, `configMap/settings/mode`, `field/status.podIP`. */
function sourceOf(from: Fields): string {
  const secret = from.child('secretKeyRef');
  if (from.has('secretKeyRef')) return `secret/${secret.string('name') ?? ''}/${secret.string('key') ?? ''}`;
  const settings = from.child('configMapKeyRef');
  if (from.has('configMapKeyRef')) return `configMap/${settings.string('name') ?? ''}/${settings.string('key') ?? ''}`;
  if (from.has('fieldRef')) return `field/${from.child('fieldRef').string('fieldPath') ?? ''}`;
  return 'other';
}

/* `envFrom` takes every key of a secret or config map: the name is `*` behind its prefix. */
function readVariables(from: Fields): Container['environment'][number] {
  const name = `${from.string('prefix') ?? ''}*`;
  if (from.has('secretRef')) return { name, from: `secret/${from.child('secretRef').string('name') ?? ''}` };
  return { name, from: `configMap/${from.child('configMapRef').string('name') ?? ''}` };
}

/** Nothing where no number is written. */
export function readPort(port: Fields): Port[] {
  const containerPort = port.integer('containerPort');
  if (containerPort === undefined) return [];
  return [
    {
      containerPort,
      protocol: port.string('protocol') ?? 'TCP',
      ...defined('name', port.string('name')),
      ...defined('hostPort', port.integer('hostPort') || undefined),
      ...defined('hostIP', port.string('hostIP')),
      ...defined('published', publication(port)),
    },
  ];
}

/** Of Compose alone: a stage in the middle is not what its Dockerfile is read as. */
export function recipeOf(container: Fields): string | undefined {
  if (!container.has('build')) return undefined;
  const build = container.child('build');
  return build.has('target') ? undefined : build.string('dockerfile');
}

/* Of workloads of other platforms alone: an API server refuses the field. */
function publication(port: Fields): Port['published'] {
  const written = port.string('published');
  return PUBLICATIONS.find((way) => way === written);
}

function readMount(mount: Fields): Container['mounts'] {
  const volume = mount.string('name');
  if (volume === undefined) return [];
  return [{ volume, path: mount.string('mountPath') ?? '', readOnly: mount.boolean('readOnly') ?? false }];
}

function defined<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
