import { finderOf, servicesOf } from '@breakwater/engine/network';
import type { Workload } from '@breakwater/model';
import { containerOf, type Estate, type Vertex } from './read-estate.ts';

/** A port of a container that something outside of it may call. */
export interface Endpoint extends Vertex {
  port: number;
  portName: string;
  protocol: string;
  /** How far out it is open: inside the cluster, at its nodes, by a name outside. */
  exposure: 'ClusterIP' | 'NodeIP' | 'External';
  /** Of a Service. */
  serviceEndpoint: string;
  container: Vertex;
}

/** Endpoints of containers: ports that Services lead to, ports of nodes, and ports that are declared alone. */
export function endpointsOf(estate: Estate): Endpoint[] {
  const { objects, workloads } = estate;
  const led = servicesOf(objects, finderOf(workloads)).flatMap((service) =>
    (service.workloads ?? []).flatMap((workload) =>
      service.ports.flatMap(({ name, port, protocol, target }) =>
        portsOf(workload)
          .filter(({ number, called }) => number === target || called === target)
          .map(({ container, number }) => ({
            name: name ?? service.name,
            namespace: service.namespace,
            port,
            portName: name ?? '',
            protocol,
            exposure: 'External' as const,
            serviceEndpoint: service.name,
            container: containerOf(workload, container),
            at: `${workload.id} ${number}`,
          })),
      ),
    ),
  );
  const served = new Set(led.map(({ at }) => at));
  const own = workloads.flatMap((workload) =>
    portsOf(workload)
      .filter(({ number }) => !served.has(`${workload.id} ${number}`))
      .map(({ container, number, called, protocol, onNode }) => ({
        name: called ?? `${container.name}:${number}`,
        namespace: workload.namespace,
        port: number,
        portName: called ?? '',
        protocol,
        exposure: onNode ? ('NodeIP' as const) : ('ClusterIP' as const),
        serviceEndpoint: '',
        container: containerOf(workload, container),
      })),
  );
  return [...led.map(({ at: _, ...endpoint }) => endpoint), ...own];
}

function portsOf({ containers, hostNetwork }: Workload) {
  return containers.flatMap((container) =>
    container.ports.map(({ containerPort, name, protocol, hostPort }) => ({
      container,
      number: containerPort,
      called: name,
      protocol,
      onNode: hostNetwork || hostPort !== undefined,
    })),
  );
}
