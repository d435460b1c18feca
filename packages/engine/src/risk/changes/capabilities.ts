import { isDangerousCapability } from '../../inventory/index.ts';
import { editableWorkloads, nodeOf, type Proposer, removeField, shortName } from './proposal.ts';

/** Takes dangerous added capabilities from containers. */
export const proposeFewerCapabilities: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const found = workload.containers.flatMap((container) =>
      container.security.capabilitiesAdded.flatMap((capability, index) =>
        isDangerousCapability(capability) ? [{ container, index, name: capability }] : [],
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
