import { editableWorkloads, nodeOf, type Proposer, removeField, shortName } from './proposal.ts';

/** Capabilities beyond a runtime's default set that help out of a container or into its neighbours. */
const dangerous = new Set([
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'PERFMON',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYSLOG',
]);

/** `CAP_SYS_ADMIN` and `sys_admin` are SYS_ADMIN. */
function plainName(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, '');
}

/** Takes dangerous added capabilities from containers. */
export const proposeFewerCapabilities: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const found = workload.containers.flatMap((container) =>
      container.security.capabilitiesAdded.flatMap((capability, index) =>
        dangerous.has(plainName(capability)) ? [{ container, index, name: plainName(capability) }] : [],
      ),
    );
    if (found.length === 0) return [];
    const names = [...new Set(found.map(({ name }) => name))].join(', ');
    return {
      change: {
        id: `fewer-capabilities:${workload.id}`,
        title: `Drop ${names} from ${shortName(workload)}`,
        detail: 'Check that the container does not administer the node: what only serves requests needs none of these.',
        workloads: [workload.id],
        edits: found.map(({ container, index }) =>
          removeField(workload, [...container.pointer, 'securityContext', 'capabilities', 'add', index]),
        ),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape'] }],
    };
  });
