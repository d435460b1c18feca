import type { JsonObject } from '@breakwater/model';
import type { ContainerDraft } from '../container-draft.ts';
import type { WrittenReader } from '../read-written.ts';
import type { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, isWrittenMap, type Written } from '../written.ts';
import { isHostPath, parseVolume } from './parse-volume.ts';

/** What a service's volumes are looked up in. */
export interface VolumeContext {
  draft: WorkloadDraft;
  container: ContainerDraft;
  /** Top-level `volumes` of the project. */
  volumes: ReadonlyMap<string, Written>;
  reader: WrittenReader;
}

/** A volume of the pod and where it is mounted. */
interface Mount {
  name: string;
  source: JsonObject;
  target: string;
  readOnly: boolean;
  /** What says the source, where it is not the item itself. */
  from?: Written;
}

/** Volumes, devices, tmpfs, secrets and configs of a service: each a volume of the pod and a mount. */
export function addVolumes(context: VolumeContext, service: Written): void {
  const { reader, draft } = context;
  for (const item of reader.list(fieldOf(service, 'volumes'))) {
    mount(context, item, isWrittenMap(item) ? longVolume(context, item) : shortVolume(context, item));
  }
  for (const item of reader.list(fieldOf(service, 'devices'))) mount(context, item, device(reader, item));
  const tmpfs = fieldOf(service, 'tmpfs');
  for (const item of typeof tmpfs?.value === 'string' ? [tmpfs] : reader.list(tmpfs)) {
    const target = reader.text(item)?.split(':')[0];
    if (target) mount(context, item, inMemory(target, false));
  }
  for (const item of reader.list(fieldOf(service, 'secrets'))) mount(context, item, file(reader, item, 'secret'));
  for (const item of reader.list(fieldOf(service, 'configs'))) mount(context, item, file(reader, item, 'config'));
  const borrowed = fieldOf(service, 'volumes_from');
  if (borrowed === undefined) return;
  draft.addVolume('volumes_from', {}, borrowed);
  draft.doubtPod(['volumes', draft.volumeCount - 1], 'the volumes of other services');
}

function mount({ draft, container }: VolumeContext, item: Written, found: Mount | undefined): void {
  if (found === undefined) return;
  const { name, source, target, readOnly, from = item } = found;
  container.mount(draft.addVolume(name, source, from), target, readOnly, { ...item, unset: [] });
}

function shortVolume(context: VolumeContext, item: Written): Mount | undefined {
  const text = context.reader.text(item);
  const volume = text === undefined ? undefined : parseVolume(text);
  if (volume === undefined) {
    if (text !== undefined && item.unset.length === 0) context.reader.wrong(item, 'a volume');
    if (item.unset.length > 0) context.draft.addVolume(text ?? '', {}, item);
    return undefined;
  }
  const { source, target, readOnly } = volume;
  if (source === undefined) return unnamed(target, readOnly);
  if (isHostPath(source)) return hostPath(source, target, readOnly);
  if (item.unset.length > 0) return { name: source, source: {}, target, readOnly };
  return named(context, source, target, readOnly);
}

function longVolume(context: VolumeContext, item: Written): Mount {
  const { reader } = context;
  const source = reader.text(fieldOf(item, 'source')) ?? reader.text(fieldOf(item, 'src'));
  const target = reader.text(fieldOf(item, 'target')) ?? '';
  const readOnly = reader.flag(fieldOf(item, 'read_only')) ?? false;
  switch (reader.text(fieldOf(item, 'type'))) {
    case 'bind':
    case 'npipe':
      return hostPath(source ?? '', target, readOnly);
    case 'tmpfs':
      return inMemory(target, readOnly);
    case 'image':
      return { name: `image-${target}`, source: { image: { reference: source ?? '' } }, target, readOnly: true };
    default:
      return source === undefined ? unnamed(target, readOnly) : named(context, source, target, readOnly);
  }
}

/** A named volume may be a bind in disguise: `driver_opts: { type: none, o: bind, device: /srv }`. */
function named({ volumes, reader }: VolumeContext, name: string, target: string, readOnly: boolean): Mount {
  const options = fieldOf(volumes.get(name), 'driver_opts');
  const from = fieldOf(options, 'device');
  const path = reader.text(from) ?? '';
  const flags = (reader.text(fieldOf(options, 'o')) ?? '').split(',');
  const type = reader.text(fieldOf(options, 'type')) ?? '';
  const binds = flags.includes('bind') || flags.includes('rbind') || type === 'none';
  if (from !== undefined && binds) return { name, source: { hostPath: { path } }, target, readOnly, from };
  if (type === 'nfs' || type === 'nfs4') return { name, source: { nfs: { path } }, target, readOnly };
  return { name, source: { persistentVolumeClaim: { claimName: name } }, target, readOnly };
}

function hostPath(path: string, target: string, readOnly: boolean): Mount {
  return { name: `host:${path}`, source: { hostPath: { path } }, target, readOnly };
}

function unnamed(target: string, readOnly: boolean): Mount {
  return { name: `anonymous-${target}`, source: { emptyDir: {} }, target, readOnly };
}

function inMemory(target: string, readOnly: boolean): Mount {
  return { name: `tmpfs-${target}`, source: { emptyDir: { medium: 'Memory' } }, target, readOnly };
}

function device(reader: WrittenReader, item: Written): Mount | undefined {
  const text = isWrittenMap(item) ? reader.text(fieldOf(item, 'source')) : reader.text(item);
  const [path, target = path] = (text ?? '').split(':');
  if (path === undefined || target === undefined || !path.startsWith('/')) return undefined;
  return { name: `device:${path}`, source: { hostPath: { path, type: 'CharDevice' } }, target, readOnly: false };
}

function file(reader: WrittenReader, item: Written, kind: 'secret' | 'config'): Mount | undefined {
  const source = isWrittenMap(item) ? reader.text(fieldOf(item, 'source')) : reader.text(item);
  if (source === undefined) return undefined;
  const given = isWrittenMap(item) ? reader.text(fieldOf(item, 'target')) : undefined;
  const folder = kind === 'secret' ? '/run/secrets/' : '/';
  const target = given?.startsWith('/') ? given : `${folder}${given ?? source}`;
  const volume: JsonObject = kind === 'secret' ? { secret: { secretName: source } } : { configMap: { name: source } };
  return { name: `${kind}:${source}`, source: volume, target, readOnly: true };
}
