import type { ContainerDraft } from '../container-draft.ts';
import { addUser } from '../docker-options.ts';
import type { WrittenReader } from '../read-written.ts';
import type { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, isWrittenList, type Written } from '../written.ts';
import { addLinuxInfo, addMarathonEnvironment, addMesosDefaults, addMesosResources } from './mesos-settings.ts';

/** One pod: several containers that Mesos starts together on one network. */
export function translatePod(draft: WorkloadDraft, pod: Written, reader: WrittenReader): void {
  const host = reader
    .mappings(fieldOf(pod, 'networks'))
    .find((network) => reader.text(fieldOf(network, 'mode')) === 'host');
  if (host !== undefined) draft.setPod(['hostNetwork'], true, host);
  for (const volume of reader.mappings(fieldOf(pod, 'volumes'))) addVolume(draft, volume, reader);
  for (const written of reader.mappings(fieldOf(pod, 'containers'))) {
    const container = draft.addContainer(reader.text(fieldOf(written, 'name')) ?? '', written);
    addContainer(container, written, pod, reader);
    addLinuxInfo(draft, container, fieldOf(written, 'linuxInfo'), reader);
  }
}

function addVolume(draft: WorkloadDraft, volume: Written, reader: WrittenReader): void {
  const name = reader.text(fieldOf(volume, 'name')) ?? '';
  const path = reader.text(fieldOf(volume, 'host'));
  const secret = reader.text(fieldOf(volume, 'secret'));
  if (path !== undefined) draft.addVolume(name, { hostPath: { path } }, volume);
  else if (secret !== undefined) draft.addVolume(name, { secret: { secretName: secret } }, volume);
  else if (fieldOf(volume, 'persistent') !== undefined)
    draft.addVolume(name, { persistentVolumeClaim: { claimName: name } }, volume);
  else draft.addVolume(name, { emptyDir: {} }, volume);
}

function addContainer(container: ContainerDraft, written: Written, pod: Written, reader: WrittenReader): void {
  const image = fieldOf(written, 'image', 'id');
  if (image !== undefined) container.set(['image'], reader.text(image) ?? '', image);
  else container.doubt(['image'], 'what the agent has installed: the container runs no image');
  const shell = fieldOf(written, 'exec', 'command', 'shell');
  if (shell !== undefined) container.add(['args'], reader.text(shell) ?? '', shell);
  const user = fieldOf(written, 'user') ?? fieldOf(pod, 'user');
  if (user !== undefined) addUser(container, user, reader);
  else container.doubt(['securityContext', 'runAsNonRoot'], 'the user of the scheduler');
  addMesosDefaults(container);
  addMarathonEnvironment(container, fieldOf(pod, 'environment'), reader);
  addMarathonEnvironment(container, fieldOf(written, 'environment'), reader);
  for (const mount of reader.mappings(fieldOf(written, 'volumeMounts'))) {
    const name = reader.text(fieldOf(mount, 'name')) ?? '';
    container.mount(
      name,
      reader.text(fieldOf(mount, 'mountPath')) ?? '',
      reader.flag(fieldOf(mount, 'readOnly')) ?? false,
      mount,
    );
  }
  for (const endpoint of reader.mappings(fieldOf(written, 'endpoints'))) addEndpoint(container, endpoint, reader);
  addMesosResources(container, fieldOf(written, 'resources') ?? written, { cpus: 0.1, mem: 32 }, reader);
}

function addEndpoint(container: ContainerDraft, endpoint: Written, reader: WrittenReader): void {
  const host = fieldOf(endpoint, 'hostPort');
  const hostPort = reader.integer(host) || undefined;
  const containerPort = reader.integer(fieldOf(endpoint, 'containerPort')) ?? hostPort;
  if (containerPort === undefined) return;
  const protocols = fieldOf(endpoint, 'protocol');
  const names = isWrittenList(protocols)
    ? protocols.value.map((item) => reader.text(item) ?? 'tcp')
    : [reader.text(protocols) ?? 'tcp'];
  for (const protocol of names)
    container.addPort(
      {
        containerPort,
        protocol,
        hostPort,
        published: host === undefined ? undefined : 'host-port',
        name: reader.text(fieldOf(endpoint, 'name')),
      },
      endpoint,
    );
}
