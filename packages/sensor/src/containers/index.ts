export {
  type Cgroup,
  type ContainerCgroup,
  cgroupsFrom,
  containerIdOf,
  findCgroupRoot,
  findContainerCgroups,
  processesIn,
} from './cgroups.ts';
export { describeContainer, describeNewContainer } from './describe-container.ts';
export { readHealth } from './read-health.ts';
export { type ContainerSettings, readSettings } from './stores/settings.ts';
export type { ContainerFacts } from './stores/store.ts';
