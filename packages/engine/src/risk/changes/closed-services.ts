import type { Exposure, ManifestObject, ObjectEdit } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf } from '../../json/index.ts';
import { nodeOf, objectsOfKind, type Proposal, type Proposer, removeField, setField } from './proposal.ts';

/** Fields that the API server refuses, or that mean nothing, on a Service of type ClusterIP. */
const outsideFields = [
  'allocateLoadBalancerNodePorts',
  'externalIPs',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'loadBalancerClass',
  'loadBalancerIP',
  'loadBalancerSourceRanges',
];

/** What takes a Service from the outside; none where it is not open to it by itself. */
export function closingEdits(service: ManifestObject): ObjectEdit[] {
  const spec = objectOf(fieldAt(service.object, 'spec')) ?? {};
  const type = fieldOf(spec, 'type');
  const nodePorts = listOf(spec['ports']).flatMap((port, index) =>
    fieldOf(objectOf(port), 'nodePort') === undefined
      ? []
      : [removeField(service, ['spec', 'ports', index, 'nodePort'])],
  );
  const fields = outsideFields
    .filter((field) => Object.hasOwn(spec, field))
    .map((field) => removeField(service, ['spec', field]));
  const typed =
    type === 'LoadBalancer' || type === 'NodePort' ? [setField(service, ['spec', 'type'], 'ClusterIP')] : [];
  return [...typed, ...nodePorts, ...fields];
}

function closing(service: ManifestObject, exposures: Exposure[]): Proposal[] {
  const workloads = [...new Set(exposures.map((exposure) => exposure.workload))];
  const edits = closingEdits(service);
  if (workloads.length === 0 || edits.length === 0) return [];
  const gates = [...new Set(exposures.map((exposure) => exposure.through))].join(', ');
  return [
    {
      change: {
        id: `cluster-ip:${service.cluster}/${service.namespace}/${service.name}`,
        title: `Make Service ${service.namespace}/${service.name} reachable inside the cluster only`,
        detail:
          `It is open to the outside (${gates}); as ClusterIP only pods reach it. Check who uses it from outside: what the ` +
          'public needs belongs behind an Ingress with TLS and authentication, what operators need behind port-forward or a VPN.',
        workloads,
        edits,
        afterRebuild: false,
      },
      cuts: workloads.map((id) => ({ to: nodeOf({ id }) })),
      alike: [
        {
          key: `cluster-ip:${service.cluster}`,
          title: (exposed) => `Make the Services of ${exposed} reachable inside the cluster only`,
        },
      ],
    },
  ];
}

/** Closes Services that open workloads to the outside. */
export const proposeClosedServices: Proposer = (facts) => {
  const gates = ['load-balancer', 'node-port', 'external-ip'];
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  return objectsOfKind(facts, 'Service').flatMap((service) =>
    closing(
      service,
      facts.reachability.exposures.filter((exposure) => {
        const workload = workloads.get(exposure.workload);
        return (
          gates.includes(exposure.through) &&
          exposure.via.split('/').at(-1) === service.name &&
          workload?.namespace === service.namespace &&
          workload.cluster === service.cluster
        );
      }),
    ),
  );
};

/** Takes ports of the node from containers. */
export const proposeNoHostPorts: Proposer = (facts) =>
  facts.workloads.flatMap((workload) => {
    const edits = workload.containers.flatMap((container) =>
      container.ports.flatMap((port, index) =>
        port.hostPort === undefined ? [] : [removeField(workload, [...container.pointer, 'ports', index, 'hostPort'])],
      ),
    );
    if (edits.length === 0) return [];
    return {
      change: {
        id: `no-host-port:${workload.id}`,
        title: `Remove the host ports of ${workload.namespace}/${workload.name}`,
        detail: 'Whoever reaches a node no longer reaches the container. Check that its users come through a Service.',
        workloads: [workload.id],
        edits,
        afterRebuild: false,
      },
      cuts: [{ to: nodeOf(workload) }],
      alike: [
        { key: `no-host-port:${workload.cluster}`, title: (workloads) => `Remove the host ports of ${workloads}` },
      ],
    };
  });
