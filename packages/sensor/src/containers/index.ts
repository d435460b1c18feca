export {
  type Cgroup,
  type ContainerCgroup,
  cgroupsFrom,
  containerIdOf,
  findCgroupRoot,
  findContainerCgroups,
  processesIn,
} from './cgroups.ts';
export { type ContainerFacts, describeContainer } from './describe-container.ts';
