import type { ContainerDraft } from '../container-draft.ts';
import { addCapabilities } from '../docker-options.ts';
import type { WrittenReader } from '../read-written.ts';
import type { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, type Written } from '../written.ts';

/** Variables: a text, or a secret that the scheduler fetches. */
export function addMarathonEnvironment(
  container: ContainerDraft,
  written: Written | undefined,
  reader: WrittenReader,
): void {
  for (const [name, value] of reader.fields(written)) {
    const secret = reader.text(fieldOf(value, 'secret'));
    if (secret !== undefined) addSecret(container, name, secret, value);
    else if (value.value !== null) container.addVariable(name, reader.text(value) ?? '', value);
  }
}

function addSecret(container: ContainerDraft, key: string, secret: string, from: Written): void {
  container.addVariable(key, { valueFrom: { secretKeyRef: { name: secret.replaceAll('/', '.'), key } } }, from);
}

/** The Mesos containerizer's own words for capabilities, filters and namespaces (`linuxInfo`). */
export function addLinuxInfo(
  draft: WorkloadDraft,
  container: ContainerDraft,
  info: Written | undefined,
  reader: WrittenReader,
): void {
  const effective = fieldOf(info, 'effectiveCapabilities') ?? fieldOf(info, 'effective_capabilities');
  if (effective !== undefined) {
    addCapabilities(container, 'drop', [{ ...effective, value: 'ALL' }], reader);
    addCapabilities(container, 'add', reader.list(fieldOf(effective, 'capabilities')), reader);
  } else container.doubt(['securityContext', 'capabilities'], 'the capabilities that the agents give');
  const seccomp = fieldOf(info, 'seccomp');
  if (reader.flag(fieldOf(seccomp, 'unconfined')) === true)
    container.set(['securityContext', 'seccompProfile'], { type: 'Unconfined' }, seccomp!);
  else if (fieldOf(seccomp, 'profileName') !== undefined)
    container.set(
      ['securityContext', 'seccompProfile'],
      { type: 'Localhost', localhostProfile: reader.text(fieldOf(seccomp, 'profileName')) ?? '' },
      seccomp!,
    );
  else container.doubt(['securityContext', 'seccompProfile'], 'the filter of system calls of the agents');
  const shared = fieldOf(info, 'ipcInfo', 'mode');
  if (reader.text(shared) === 'SHARE_PARENT') draft.setPod(['hostIPC'], true, shared!);
}

/** What the agents decide for every container that Mesos itself starts. */
export function addMesosDefaults(container: ContainerDraft): void {
  container.doubt(['securityContext', 'allowPrivilegeEscalation'], 'whether the agents allow new privileges');
}

/** MiB and shares of a processor, as Mesos counts them; without a word Marathon asks for as much as `standard` says. */
export function addMesosResources(
  container: ContainerDraft,
  from: Written,
  standard: { cpus: number; mem: number },
  reader: WrittenReader,
): void {
  const memory = fieldOf(from, 'mem') ?? { ...from, value: standard.mem };
  const mebibytes = reader.text(memory);
  if (mebibytes !== undefined) container.set(['resources', 'limits', 'memory'], `${mebibytes}Mi`, memory);
  const processors = fieldOf(from, 'cpus') ?? { ...from, value: standard.cpus };
  const shares = reader.text(processors);
  if (shares !== undefined) container.set(['resources', 'requests', 'cpu'], shares, processors);
}
