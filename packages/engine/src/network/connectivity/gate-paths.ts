import type { ManifestObject, Place, Workload } from '@breakwater/model';
import { finderOf } from '../find-by-labels.ts';
import { gatesOf } from '../gates.ts';
import type { PortRange } from '../ports.ts';
import { type Backend, backendsOf, behindGate, type Service, servicesOf } from '../services.ts';

/** A workload that an Ingress, a Route or a Gateway's route leads to. */
export interface GatePath {
  /** `Ingress shop/web`. */
  gate: string;
  /** Position of the workload. */
  workload: number;
  ports: PortRange[];
  places: Place[];
}

/** What leads from the controller to which ports of which workloads, one entry for each gate and workload. */
export function gatePathsOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): GatePath[] {
  const gates = gatesOf(objects);
  if (gates.length === 0) return [];
  const services = Map.groupBy(servicesOf(objects, finderOf(workloads)), keyOf);
  const positions = new Map(workloads.map((workload, position) => [workload, position]));
  const paths = new Map<string, GatePath>();
  const add = ({ workload, port, protocol }: Backend, gate: string, places: Place[]): void => {
    const position = positions.get(workload)!;
    const key = `${gate} ${position}`;
    const path = paths.get(key) ?? { gate, workload: position, ports: [], places };
    path.ports.push({ protocol, from: port, to: port });
    paths.set(key, path);
  };
  for (const { by, targets, places } of gates)
    for (const { namespace, service, port, ofPods } of targets)
      for (const { service: target, ports } of behindGate(services, `${namespace}/${service}`, port, ofPods) ?? [])
        for (const backend of backendsOf(target, ports).backends) add(backend, by, [...places, target.place]);
  return [...paths.values()];
}

function keyOf({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}
