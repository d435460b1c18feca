import type { ContainerDraft } from '../container-draft.ts';
import { addDefaultProfile, addPrivileged, addUser } from '../docker-options.ts';
import type { WrittenReader } from '../read-written.ts';
import type { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, type Written } from '../written.ts';
import { applyDockerParameters } from './docker-parameters.ts';
import { addLinuxInfo, addMarathonEnvironment, addMesosDefaults, addMesosResources } from './mesos-settings.ts';

/**
 * One app: by Docker, by Mesos with an image, or a plain command on the agent, which then has no image and shares the
 * agent's file system and network.
 */
export function translateApp(draft: WorkloadDraft, name: string, app: Written, reader: WrittenReader): void {
  const container = draft.addContainer(name, app);
  const written = fieldOf(app, 'container');
  const docker = fieldOf(written, 'docker');
  const image = fieldOf(docker, 'image') ?? fieldOf(written, 'appc', 'image');
  const byDocker =
    reader.text(fieldOf(written, 'type')) === 'DOCKER' ||
    (docker !== undefined && fieldOf(written, 'type') === undefined);
  if (image !== undefined) container.set(['image'], reader.text(image) ?? '', image);
  else addPlainCommand(draft, container);
  addCommand(container, app, reader);
  if (byDocker) addDocker(draft, container, app, docker, reader);
  else addMesos(draft, container, app, written, reader);
  addNetwork(draft, container, app, written, docker, reader);
  addMarathonEnvironment(container, fieldOf(app, 'env'), reader);
  addVolumes(draft, container, written, reader);
  addMesosResources(container, app, { cpus: 1, mem: 128 }, reader);
}

function addPlainCommand(draft: WorkloadDraft, container: ContainerDraft): void {
  container.doubt(['image'], 'what the agent has installed: the app runs no image');
  draft.addVolume('agent', {}, { place: draft.identity.place, value: null, unset: [] });
  draft.doubtPod(
    ['volumes', draft.volumeCount - 1],
    'what of the agent’s disk the app may touch: it runs without an image',
  );
}

function addCommand(container: ContainerDraft, app: Written, reader: WrittenReader): void {
  const line = fieldOf(app, 'cmd');
  if (line !== undefined) container.add(['args'], reader.text(line) ?? '', line);
  for (const word of reader.list(fieldOf(app, 'args'))) container.add(['args'], reader.text(word) ?? '', word);
}

function addDocker(
  draft: WorkloadDraft,
  container: ContainerDraft,
  app: Written,
  docker: Written | undefined,
  reader: WrittenReader,
): void {
  addPrivileged(container, fieldOf(docker, 'privileged'), reader);
  const forced = fieldOf(docker, 'forcePullImage');
  const pulled = reader.flag(forced) === true ? 'Always' : 'IfNotPresent';
  container.set(['imagePullPolicy'], pulled, forced ?? { ...app, value: null });
  const { user } = applyDockerParameters(docker, { draft, container, reader });
  if (!user) addUser(container, fieldOf(app, 'user'), reader);
  addDefaultProfile(container, app);
}

/* Without a user of its own, the app runs as the scheduler's, which only who runs it knows. */
function addMesos(
  draft: WorkloadDraft,
  container: ContainerDraft,
  app: Written,
  written: Written | undefined,
  reader: WrittenReader,
): void {
  const user = fieldOf(app, 'user');
  if (user !== undefined) addUser(container, user, reader);
  else container.doubt(['securityContext', 'runAsNonRoot'], 'the user of the scheduler');
  addLinuxInfo(draft, container, fieldOf(written, 'linuxInfo'), reader);
  addMesosDefaults(container);
}

function addNetwork(
  draft: WorkloadDraft,
  container: ContainerDraft,
  app: Written,
  written: Written | undefined,
  docker: Written | undefined,
  reader: WrittenReader,
): void {
  const networks = reader.mappings(fieldOf(app, 'networks'));
  const old = fieldOf(docker, 'network');
  const host = networks.find((network) => reader.text(fieldOf(network, 'mode')) === 'host');
  const mappings = [fieldOf(written, 'portMappings'), fieldOf(docker, 'portMappings')].flatMap((list) =>
    reader.mappings(list),
  );
  const mode = reader.text(old)?.toUpperCase();
  if (host !== undefined) draft.setPod(['hostNetwork'], true, host);
  else if (mode === 'HOST' && old !== undefined) draft.setPod(['hostNetwork'], true, old);
  else if (
    networks.length === 0 &&
    old === undefined &&
    mappings.length === 0 &&
    fieldOf(app, 'ipAddress') === undefined
  )
    draft.setPod(['hostNetwork'], true, { ...app, value: null });
  for (const mapping of mappings) addMapping(container, mapping, reader);
  addHostPorts(container, app, reader);
}

function addMapping(container: ContainerDraft, mapping: Written, reader: WrittenReader): void {
  const containerPort = reader.integer(fieldOf(mapping, 'containerPort'));
  if (containerPort === undefined) return;
  const written = fieldOf(mapping, 'hostPort');
  const hostPort = reader.integer(written) || undefined;
  for (const protocol of (reader.text(fieldOf(mapping, 'protocol')) ?? 'tcp').split(/[,|]/))
    container.addPort(
      {
        containerPort: containerPort || (hostPort ?? 0),
        protocol,
        name: reader.text(fieldOf(mapping, 'name')),
        hostPort,
        published: written === undefined ? undefined : 'host-port',
      },
      mapping,
    );
}

/* Ports of an app on the network of its agents: fixed only with `requirePorts`. */
function addHostPorts(container: ContainerDraft, app: Written, reader: WrittenReader): void {
  const required = reader.flag(fieldOf(app, 'requirePorts')) ?? false;
  for (const definition of reader.mappings(fieldOf(app, 'portDefinitions'))) {
    const port = reader.integer(fieldOf(definition, 'port')) ?? 0;
    const protocol = reader.text(fieldOf(definition, 'protocol')) ?? 'tcp';
    if (port > 0)
      container.addPort(
        { containerPort: port, protocol, published: 'host-port', hostPort: required ? port : undefined },
        definition,
      );
  }
}

function addVolumes(
  draft: WorkloadDraft,
  container: ContainerDraft,
  written: Written | undefined,
  reader: WrittenReader,
): void {
  for (const volume of reader.mappings(fieldOf(written, 'volumes'))) {
    const target = reader.text(fieldOf(volume, 'containerPath')) ?? '';
    const readOnly = reader.text(fieldOf(volume, 'mode'))?.toUpperCase() === 'RO';
    const host = fieldOf(volume, 'hostPath');
    const path = reader.text(host);
    const secret = reader.text(fieldOf(volume, 'secret'));
    if (path !== undefined)
      container.mount(draft.addVolume(`host:${path}`, { hostPath: { path } }, volume), target, readOnly, volume);
    else if (secret !== undefined)
      container.mount(
        draft.addVolume(`secret:${secret}`, { secret: { secretName: secret } }, volume),
        target,
        true,
        volume,
      );
    else
      container.mount(
        draft.addVolume(`volume:${target}`, { persistentVolumeClaim: { claimName: target } }, volume),
        target,
        readOnly,
        volume,
      );
  }
}
