import { parsePort } from '../compose/parse-port.ts';
import { parseSize } from '../compose/parse-size.ts';
import { isHostPath, parseVolume } from '../compose/parse-volume.ts';
import type { ContainerDraft } from '../container-draft.ts';
import { addCapabilities, addPrivileged, addReadOnlyRoot, addSecurityOption, addUser } from '../docker-options.ts';
import type { WrittenReader } from '../read-written.ts';
import type { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, type Written } from '../written.ts';

/** What options of `docker run` act on. */
interface Target {
  draft: WorkloadDraft;
  container: ContainerDraft;
  reader: WrittenReader;
}

/** An option of `docker run` that says something about the container's power; the value as written, `text` its text. */
type Option = (target: Target, value: Written, text: string) => void;

const OPTIONS: Readonly<Record<string, Option>> = {
  privileged: ({ container, reader }, value, text) =>
    addPrivileged(container, text === '' ? { ...value, value: true } : value, reader),
  'cap-add': ({ container, reader }, value) => addCapabilities(container, 'add', [value], reader),
  'cap-drop': ({ container, reader }, value) => addCapabilities(container, 'drop', [value], reader),
  'security-opt': ({ container, reader }, value) => addSecurityOption(container, value, reader),
  user: ({ container, reader }, value) => addUser(container, value, reader),
  'read-only': ({ container, reader }, value, text) =>
    addReadOnlyRoot(container, text === '' ? { ...value, value: true } : value, reader),
  net: ({ draft }, value, text) => hostMode(draft, 'hostNetwork', value, text),
  network: ({ draft }, value, text) => hostMode(draft, 'hostNetwork', value, text),
  pid: ({ draft }, value, text) => hostMode(draft, 'hostPID', value, text),
  ipc: ({ draft }, value, text) => hostMode(draft, 'hostIPC', value, text),
  volume: addVolume,
  device: (target, value, text) => {
    const [path, inside] = text.split(':') as [string, string | undefined];
    mountHost(target, path, inside ?? path, false, value);
  },
  publish: ({ container }, value, text) => {
    const port = parsePort(text);
    if (port !== undefined)
      container.addPort(
        {
          containerPort: port.target[0],
          protocol: port.protocol,
          published: 'host-port',
          hostPort: Number(port.published) || undefined,
          hostIP: port.hostIP,
        },
        value,
      );
  },
  env: ({ container }, value, text) => {
    const at = text.indexOf('=');
    container.addVariable(at === -1 ? text : text.slice(0, at), at === -1 ? '' : text.slice(at + 1), value);
  },
  sysctl: ({ draft }, value, text) => {
    const [name, setting = ''] = text.split('=') as [string, string | undefined];
    draft.addSysctl(name, setting, value);
  },
  memory: ({ container }, value, text) => {
    const quantity = parseSize(text);
    if (quantity !== undefined) container.set(['resources', 'limits', 'memory'], quantity, value);
  },
};

const SHORT: Readonly<Record<string, string>> = { v: 'volume', u: 'user', p: 'publish', e: 'env', m: 'memory' };

/** Applies the parameters that Marathon hands to `docker run`. Whether a user is among them is answered. */
export function applyDockerParameters(docker: Written | undefined, target: Target): { user: boolean } {
  let user = false;
  for (const parameter of target.reader.mappings(fieldOf(docker, 'parameters'))) {
    const given = (target.reader.text(fieldOf(parameter, 'key')) ?? '').replace(/^-+/, '');
    const key = SHORT[given] ?? given;
    const option = Object.hasOwn(OPTIONS, key) ? OPTIONS[key] : undefined;
    const value = fieldOf(parameter, 'value') ?? { ...parameter, value: '' };
    user ||= key === 'user';
    option?.(target, { ...value, place: parameter.place }, target.reader.text(value) ?? '');
  }
  return { user };
}

function hostMode(draft: WorkloadDraft, field: string, value: Written, text: string): void {
  if (text === 'host') draft.setPod([field], true, value);
}

function addVolume(target: Target, value: Written, text: string): void {
  const volume = parseVolume(text);
  if (volume?.source === undefined) return;
  const { source, target: path, readOnly } = volume;
  if (isHostPath(source)) {
    mountHost(target, source, path, readOnly, value);
    return;
  }
  const name = target.draft.addVolume(source, { persistentVolumeClaim: { claimName: source } }, value);
  target.container.mount(name, path, readOnly, value);
}

function mountHost(
  { draft, container }: Target,
  path: string,
  inside: string,
  readOnly: boolean,
  value: Written,
): void {
  container.mount(draft.addVolume(`host:${path}`, { hostPath: { path } }, value), inside, readOnly, value);
}
