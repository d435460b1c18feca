import { isDangerousCapability } from '../../inventory/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { editableWorkloads, nodeOf, type Proposer, removeField, shortName, towardsNode } from './proposal.ts';

/** What to check. */
export const capabilitiesDetail =
  'Check that the container does not administer the node: what only serves requests needs none of these.';

/** Whether a container was seen to use a capability: taking it away would break it. */
export const isUsed = ({ uses }: EstateFacts, workload: string, container: string, capability: string): boolean =>
  (uses?.get(workload) ?? []).some(
    (use) =>
      use.container === container &&
      use.behaviours.some(({ dimension, object }) => dimension === 'capability' && object === `CAP_${capability}`),
  );

/** Takes dangerous added capabilities from containers that were not seen to use them. */
export const proposeFewerCapabilities: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const found = workload.containers.flatMap((container) =>
      container.security.capabilitiesAdded.flatMap((capability, index) =>
        isDangerousCapability(capability) && !isUsed(facts, workload.id, container.name, capability)
          ? [{ container, index, name: capability }]
          : [],
      ),
    );
    if (found.length === 0) return [];
    const names = [...new Set(found.map(({ name }) => name))].join(', ');
    return {
      change: {
        id: `fewer-capabilities:${workload.id}`,
        title: `Drop ${names} from ${shortName(workload)}`,
        detail: capabilitiesDetail,
        workloads: [workload.id],
        edits: found.map(({ container, index }) =>
          removeField(workload, [...container.pointer, 'securityContext', 'capabilities', 'add', index]),
        ),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape'] }],
      alike: [
        {
          key: `fewer-capabilities:${workload.cluster}`,
          title: (workloads) => `Drop dangerous capabilities from ${workloads}`,
        },
        towardsNode(workload.cluster),
      ],
    };
  });
