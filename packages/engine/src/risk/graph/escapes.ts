import type { Container, Json, Workload } from '@breakwater/model';
import { isDangerousCapability } from '../../inventory/index.ts';
import { fieldAt, fieldOf, listOf, objectOf, textOf } from '../../json/index.ts';
import { capabilityEscapes } from './escape-capabilities.ts';
import { pathEscapes, plainUser } from './path-escapes.ts';
import type { SettingName } from './settings.ts';
import type { Escape, EscapeContext } from './way-out.ts';

type Draft = Pick<Escape, 'name' | 'strength' | 'phrase' | 'how' | 'mitigation'>;

/** Every way from a workload's containers to the node it runs on. */
export function escapesOf(workload: Workload, context: EscapeContext = {}): Escape[] {
  return [
    ...podEscapes(workload).map((draft) => ({
      ...draft,
      hindrances: sandboxHindrance(context),
      doubts: sandboxDoubt(context),
      container: undefined,
    })),
    ...workload.containers.flatMap((container) => [
      ...settingEscapes(container, writtenContext(container, context)).map((draft) => ({
        ...draft,
        hindrances: [
          ...userHindrances(workload, container),
          ...rootHindrance(container),
          ...filterHindrances(container, draft),
          ...sandboxHindrance(context),
        ],
        doubts: sandboxDoubt(context),
        container,
      })),
      ...pathEscapes(workload, container, context),
    ]),
  ];
}

function podEscapes({ containers, hostPID, hostIPC, hostNetwork }: Workload): Draft[] {
  const found: Draft[] = [];
  const traces = containers.some(({ security }) => security.capabilitiesAdded.includes('SYS_PTRACE'));
  const own = (field: string) => `without ${field} the pod has a namespace of its own`;
  if (hostPID && traces)
    found.push({
      name: 'trace-node',
      strength: 'escapeHigh',
      phrase: 'sees the processes of its node and may trace them',
      how: 'code is put into a process of the node that runs as root',
      mitigation: 'without hostPID, or without SYS_PTRACE',
    });
  if (hostPID)
    found.push({
      name: 'host-pid',
      strength: 'escapePossible',
      phrase: 'sees the processes of its node',
      how: 'command lines and environments of other pods and of the node hold credentials',
      mitigation: own('hostPID'),
    });
  if (hostIPC)
    found.push({
      name: 'host-ipc',
      strength: 'escapeSlight',
      phrase: 'shares memory with processes of its node',
      how: 'shared memory of programs of the node can be read and written',
      mitigation: own('hostIPC'),
    });
  if (hostNetwork)
    found.push({
      name: 'host-network',
      strength: 'escapeSlight',
      phrase: 'reaches services of its node that listen locally',
      how: 'what listens on localhost of the node, and the cloud’s metadata, often ask for no password',
      mitigation: own('hostNetwork'),
    });
  return found;
}

function hostProcess(name: string): Draft {
  return {
    name,
    strength: 'escapeCertain',
    phrase: 'runs as a process of its Windows node',
    how: 'a host process container is no container: it has the rights of its user on the node',
    mitigation: 'without windowsOptions.hostProcess',
  };
}

function settingEscapes({ security, name }: Container, written: Written): Draft[] {
  const found: Draft[] = [];
  if (security.privileged)
    found.push({
      name: `privileged/${name}`,
      strength: 'escapeCertain',
      phrase: 'runs privileged',
      how: 'it mounts the disk of the node, or loads a module into its kernel',
      mitigation: 'without privileged: add the one capability or device that it needs',
    });
  for (const capability of security.capabilitiesAdded)
    if (isDangerousCapability(capability))
      found.push({
        name: `capability/${name}/${capability}`,
        ...capabilityEscapes[capability],
        mitigation: `drop ${capability}`,
      });
  if (security.procMount === 'Unmasked')
    found.push({
      name: `proc-mount/${name}`,
      strength: 'escapePossible',
      phrase: 'sees all of /proc',
      how: 'settings of the kernel below /proc/sys can be written',
      mitigation: 'procMount: Default',
    });
  if (written('windowsOptions', 'hostProcess') === true) found.push(hostProcess(`host-process/${name}`));
  if (!security.privileged) found.push(...unconfined(name, security, written));
  return found;
}

/** SELinux types that confine nothing. */
const freeType = /^(spc_t|unconfined_t|container_runtime_t|init_t|kernel_t)$/;

/** Filters of the kernel that are switched off by name. What a runtime does where nothing is said is its own affair. */
function unconfined(name: string, security: Container['security'], written: Written): Draft[] {
  const found: Draft[] = [];
  const off = (key: string, phrase: string, how: string, mitigation: string) =>
    found.push({ name: `${key}/${name}`, strength: 'escapeSlight', phrase, how, mitigation });
  const everyCall = 'a flaw of the kernel can be used that the filter keeps out of reach';
  if (security.seccompProfile === 'Unconfined')
    off('seccomp', 'runs without a seccomp filter', everyCall, 'seccompProfile: RuntimeDefault');
  if (security.appArmorProfile === 'Unconfined')
    off(
      'apparmor',
      'runs without AppArmor',
      'mounts and files of /proc and /sys are open',
      'appArmorProfile: RuntimeDefault',
    );
  const type = textOf(written('seLinuxOptions', 'type')) ?? '';
  if (freeType.test(type))
    off(
      'selinux',
      `runs with the SELinux type ${type}, which confines nothing`,
      'files of the node that it comes to are open to it',
      'without seLinuxOptions.type: container_t is the default',
    );
  return found;
}

/** A field of a container's security context as it is written, or the pod's where the container has none. */
type Written = (...keys: string[]) => Json | undefined;

function writtenContext({ pointer }: Container, { spec }: EscapeContext): Written {
  return (...keys) => {
    const [list, index] = pointer.slice(-2);
    const own = objectOf(listOf(fieldOf(spec, String(list)))[Number(index)]);
    return fieldAt(own, 'securityContext', ...keys) ?? fieldAt(spec, 'securityContext', ...keys);
  };
}

function userHindrances(workload: Workload, container: Container): SettingName[] {
  return [...(workload.hostUsers === false ? (['userNamespaceFactor'] as const) : []), ...plainUser(container)];
}

function rootHindrance({ security }: Container): SettingName[] {
  return security.readOnlyRootFilesystem === true ? ['readOnlyFactor'] : [];
}

/** Filters of the kernel that are set; privileged containers run without any, whatever is written. */
function filterHindrances({ security }: Container, { name }: Draft): SettingName[] {
  if (security.privileged || name.startsWith('seccomp/') || name.startsWith('apparmor/')) return [];
  const on = (profile: string | undefined) => profile !== undefined && profile !== 'Unconfined';
  return [
    ...(on(security.seccompProfile) ? (['seccompFactor'] as const) : []),
    ...(on(security.appArmorProfile) ? (['appArmorFactor'] as const) : []),
  ];
}

function sandboxHindrance({ sandbox }: EscapeContext): SettingName[] {
  return sandbox === 'sandboxed' ? ['sandboxFactor'] : [];
}

function sandboxDoubt({ sandbox }: EscapeContext): SettingName[] {
  return sandbox === 'unknown' ? ['sandboxFactor'] : [];
}
