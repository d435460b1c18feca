import type { ContainerDraft } from '../container-draft.ts';
import type { WrittenReader } from '../read-written.ts';
import type { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, type Written } from '../written.ts';

/** Volumes of a task. One with a `host` and no path is a folder that goes with the task, as one without anything is. */
export function addTaskVolumes(
  draft: WorkloadDraft,
  task: Written,
  launch: 'fargate' | 'ec2',
  reader: WrittenReader,
): void {
  for (const volume of reader.mappings(fieldOf(task, 'volumes'))) {
    const name = reader.text(fieldOf(volume, 'name')) ?? '';
    const path = fieldOf(volume, 'host', 'sourcePath');
    const docker = fieldOf(volume, 'dockerVolumeConfiguration');
    const files =
      fieldOf(volume, 'efsVolumeConfiguration', 'fileSystemId') ??
      fieldOf(volume, 'fsxWindowsFileServerVolumeConfiguration', 'fileSystemId');
    if (path !== undefined && launch === 'ec2')
      draft.addVolume(name, { hostPath: { path: reader.text(path) ?? '' } }, volume);
    else if (files !== undefined)
      draft.addVolume(name, { nfs: { server: reader.text(files) ?? '', path: '/' } }, volume);
    else if (docker !== undefined) addDockerVolume(draft, name, volume, docker, reader);
    else draft.addVolume(name, { emptyDir: {} }, volume);
  }
}

/* As with Compose, options of the local driver may bind a folder of the host. */
function addDockerVolume(
  draft: WorkloadDraft,
  name: string,
  volume: Written,
  docker: Written,
  reader: WrittenReader,
): void {
  const device = fieldOf(docker, 'driverOpts', 'device');
  const flags = (reader.text(fieldOf(docker, 'driverOpts', 'o')) ?? '').split(',');
  if (device !== undefined && flags.includes('bind'))
    draft.addVolume(name, { hostPath: { path: reader.text(device) ?? '' } }, volume);
  else draft.addVolume(name, { persistentVolumeClaim: { claimName: name } }, volume);
}

/** Mount points, devices and tmpfs of a container. */
export function mountTaskVolumes(
  draft: WorkloadDraft,
  container: ContainerDraft,
  definition: Written,
  reader: WrittenReader,
): void {
  for (const point of reader.mappings(fieldOf(definition, 'mountPoints'))) {
    const name = reader.text(fieldOf(point, 'sourceVolume')) ?? '';
    const path = reader.text(fieldOf(point, 'containerPath')) ?? '';
    container.mount(name, path, reader.flag(fieldOf(point, 'readOnly')) ?? false, point);
  }
  const linux = fieldOf(definition, 'linuxParameters');
  for (const device of reader.mappings(fieldOf(linux, 'devices'))) {
    const path = reader.text(fieldOf(device, 'hostPath')) ?? '';
    const target = reader.text(fieldOf(device, 'containerPath')) ?? path;
    container.mount(
      draft.addVolume(`device:${path}`, { hostPath: { path, type: 'CharDevice' } }, device),
      target,
      false,
      device,
    );
  }
  for (const tmpfs of reader.mappings(fieldOf(linux, 'tmpfs'))) {
    const path = reader.text(fieldOf(tmpfs, 'containerPath')) ?? '';
    container.mount(draft.addVolume(`tmpfs:${path}`, { emptyDir: { medium: 'Memory' } }, tmpfs), path, false, tmpfs);
  }
}
