import { runningContainers } from '../../inventory/running-containers.ts';
import { nodeId } from '../graph/index.ts';
import { isUsed } from './capabilities.ts';
import { editableWorkloads, nodeOf, type Proposer, removeField, setField, shortName } from './proposal.ts';

/** What to check. */
export const rawSocketsDetail =
  'Without it programs cannot forge packets. ping keeps working where the runtime lets everybody ping; tools that capture ' +
  'or craft packets do not.';

/** Drops NET_RAW from containers that for certain hear what their neighbours say in plain text: on a bridge, on the node. */
export const proposeNoRawSockets: Proposer = (facts, graph) => {
  /* Where the network may turn out to be routed, nobody need change a thousand workloads for it. */
  const certain = graph.edges.filter(({ id, range }) => id.startsWith('listen|') && range === undefined);
  const listening = new Set(certain.map(({ from }) => from));
  return editableWorkloads(facts).flatMap((workload) => {
    const containers = runningContainers(workload).filter(
      ({ name: container, security: { privileged, capabilitiesAdded, capabilitiesDropped } }) =>
        !privileged &&
        !isUsed(facts, workload.id, container, 'NET_RAW') &&
        !capabilitiesAdded.includes('ALL') &&
        (capabilitiesAdded.includes('NET_RAW') ||
          !capabilitiesDropped.some((name) => name === 'NET_RAW' || name === 'ALL')),
    );
    if (!listening.has(nodeOf(workload)) || containers.length === 0) return [];
    return {
      change: {
        id: `no-raw-sockets:${workload.id}`,
        title: `Drop NET_RAW from ${shortName(workload)}`,
        detail: rawSocketsDetail,
        workloads: [workload.id],
        edits: containers.flatMap(({ pointer, security: { capabilitiesAdded, capabilitiesDropped } }) => {
          const capabilities = [...pointer, 'securityContext', 'capabilities'];
          const added = capabilitiesAdded.indexOf('NET_RAW');
          return [
            ...(added < 0 ? [] : [removeField(workload, [...capabilities, 'add', added])]),
            setField(workload, [...capabilities, 'drop'], [...new Set([...capabilitiesDropped, 'NET_RAW'])]),
          ];
        }),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), to: nodeId.wire(workload.cluster) }],
      alike: [{ key: `no-raw-sockets:${workload.cluster}`, title: (workloads) => `Drop NET_RAW from ${workloads}` }],
    };
  });
};
