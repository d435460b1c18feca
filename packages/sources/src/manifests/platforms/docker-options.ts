import type { Json } from '@breakwater/model';
import { capabilityNameOf } from './capability-name.ts';
import type { ContainerDraft } from './container-draft.ts';
import type { WrittenReader } from './read-written.ts';
import type { Written } from './written.ts';

/** `privileged: true`. */
export function addPrivileged(container: ContainerDraft, written: Written | undefined, reader: WrittenReader): void {
  if (written !== undefined) setFlag(container, ['securityContext', 'privileged'], written, reader);
}

/** A file system that may not be written. */
export function addReadOnlyRoot(container: ContainerDraft, written: Written | undefined, reader: WrittenReader): void {
  if (written !== undefined) setFlag(container, ['securityContext', 'readOnlyRootFilesystem'], written, reader);
}

function setFlag(container: ContainerDraft, path: string[], written: Written, reader: WrittenReader): void {
  const value = reader.flag(written);
  container.set(path, value ?? false, written);
  if (value === undefined && written.unset.length === 0)
    container.doubt(path, 'a setting that is neither true nor false');
}

/** Capabilities as Kubernetes names them: without `CAP_`, in capitals. */
export function addCapabilities(
  container: ContainerDraft,
  list: 'add' | 'drop',
  items: readonly Written[],
  reader: WrittenReader,
): void {
  for (const item of items) {
    const name = reader.text(item);
    if (name !== undefined) container.add(['securityContext', 'capabilities', list], capabilityNameOf(name), item);
  }
}

/**
 * The user of a container: a number, `root`, or a name, with a group behind a colon. A name that is not root's is taken for
 * a user that is not root. To name one is to enforce it: no other field does. Without one the image decides.
 */
export function addUser(container: ContainerDraft, written: Written | undefined, reader: WrittenReader): void {
  const text = reader.text(written);
  if (written === undefined || text === undefined || text.trim() === '') {
    doubtUser(container);
    return;
  }
  const user = text.split(':')[0]!.trim();
  const number = user === 'root' ? 0 : /^\d{1,10}$/.test(user) ? Number(user) : undefined;
  if (written.unset.length > 0 || number !== undefined) {
    container.set(['securityContext', 'runAsUser'], number ?? 0, written);
  }
  if (number !== 0) container.set(['securityContext', 'runAsNonRoot'], true, written);
}

/** The image decides who runs: unknown until it is at hand. */
export function doubtUser(container: ContainerDraft): void {
  container.doubt(['securityContext', 'runAsNonRoot'], 'the user of the image');
}

/** `no-new-privileges:true`, `seccomp:unconfined`, `apparmor=docker-default`, `label:disable`, `systempaths=unconfined`. */
export function addSecurityOption(container: ContainerDraft, written: Written, reader: WrittenReader): void {
  const text = reader.text(written);
  if (text === undefined) return;
  const field = securityField(text);
  if (field !== undefined) container.set(['securityContext', ...field.path], field.value, written);
  else if (written.unset.length > 0)
    doubtSecurityOption(container, written, `the value of $${written.unset[0]}`, reader);
}

/** Fields that some security option may set. */
const OPTION_FIELDS = ['allowPrivilegeEscalation', 'appArmorProfile', 'procMount', 'seLinuxOptions', 'seccompProfile'];

/** Makes unknown what a security option says; where it is not known which one it is, all that any may say. */
export function doubtSecurityOption(
  container: ContainerDraft,
  written: Written,
  reason: string,
  reader: WrittenReader,
): void {
  const field = securityField(reader.text(written) ?? '');
  const paths = field === undefined ? OPTION_FIELDS.map((name) => [name]) : [field.path];
  if (field === undefined && written.unset.length === 0) return;
  for (const path of paths) container.doubt(['securityContext', ...path], reason, written);
}

function securityField(text: string): { path: string[]; value: Json } | undefined {
  const [, key = '', value = ''] = /^([a-z-]+)(?:[=:](.*))?$/s.exec(text.trim()) ?? [];
  switch (key) {
    case 'no-new-privileges':
      return { path: ['allowPrivilegeEscalation'], value: value === 'false' };
    case 'seccomp':
      return { path: ['seccompProfile'], value: profileOf(value, 'builtin') };
    case 'apparmor':
      return { path: ['appArmorProfile'], value: profileOf(value, 'docker-default') };
    case 'systempaths':
      return value === 'unconfined' ? { path: ['procMount'], value: 'Unmasked' } : undefined;
    case 'label':
      return labelField(value);
    default:
      return undefined;
  }
}

/* Without labels a container is as unconfined as one of type `spc_t`. */
function labelField(label: string): { path: string[]; value: Json } | undefined {
  const [part = '', setting = ''] = label.split(/[:=]/);
  if (part === 'disable') return { path: ['seLinuxOptions', 'type'], value: 'spc_t' };
  const known = ['user', 'role', 'type', 'level'].includes(part);
  return known ? { path: ['seLinuxOptions', part], value: setting } : undefined;
}

function profileOf(value: string, standard: string): Json {
  if (value === 'unconfined') return { type: 'Unconfined' };
  const usual = value === standard || value === 'default';
  return usual ? { type: 'RuntimeDefault' } : { type: 'Localhost', localhostProfile: value };
}

/** Docker filters system calls by a profile of its own unless it is told otherwise. */
export function addDefaultProfile(container: ContainerDraft, from: Written): void {
  const context = container.object['securityContext'] as Record<string, unknown> | undefined;
  if (context?.['seccompProfile'] === undefined)
    container.set(
      ['securityContext', 'seccompProfile'],
      { type: 'RuntimeDefault' },
      { ...from, unset: [], value: null },
    );
}
