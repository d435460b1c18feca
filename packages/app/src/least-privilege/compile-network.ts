import { identityOf } from '@breakwater/engine/identity';
import { workloadsOf } from '@breakwater/engine/inventory';
import { createFlowCollector, type LeastPrivilege, leastPrivilege } from '@breakwater/engine/least-privilege';
import type { Unknown } from '@breakwater/model';
import { recogniseInputs, showPath } from '@breakwater/sources/inputs';
import type { ReadLiveOptions } from '../clusters/read-live.ts';
import { readEstate } from '../estate/read-estate.ts';

/** From what, and how, NetworkPolicies of least privilege are compiled. */
export interface CompileNetworkOptions {
  /** Namespaces of the controllers behind Ingresses, Gateways and Routes. */
  ingressNamespaces: readonly string[];
  /** Namespaces that get no policies. */
  excludedNamespaces: readonly string[];
  values?: string[] | undefined;
  clusters?: ReadLiveOptions | undefined;
  signal?: AbortSignal | undefined;
}

/** NetworkPolicies by cluster, and what could not be read. */
export interface CompiledNetwork {
  clusters: LeastPrivilege[];
  /** Objects that were read. */
  objects: number;
  /** Events that were read. */
  events: number;
  unknowns: Unknown[];
}

/**
 * Compiles NetworkPolicies of least privilege from manifests or live clusters, and from recorded events where paths name
 * some, each set with the proof that no needed connection is cut.
 */
export async function compileNetwork(
  paths: readonly string[],
  { ingressNamespaces, excludedNamespaces, values, clusters, signal }: CompileNetworkOptions,
): Promise<CompiledNetwork> {
  const reading = await readEstate([...paths], { events: false, values, clusters, signal });
  const { objects } = reading;
  const { workloads, unknowns } = workloadsOf(objects);
  const identity = identityOf(objects, workloads);
  const collector = createFlowCollector(objects, workloads);
  const read = await readEvents(paths, (event) => collector.add(event), signal);
  return {
    clusters: leastPrivilege({
      objects,
      workloads,
      identity,
      observed: collector.findings(),
      ingressNamespaces,
      excludedNamespaces,
    }),
    objects: objects.length,
    events: read.events,
    unknowns: [...reading.unknowns, ...unknowns, ...identity.unknowns, ...read.unknowns],
  };
}

type TakeEvent = Parameters<ReturnType<typeof createFlowCollector>['add']>[0];

async function readEvents(
  paths: readonly string[],
  take: (event: TakeEvent) => void,
  signal: AbortSignal | undefined,
): Promise<{ events: number; unknowns: Unknown[] }> {
  const inputs = await recogniseInputs(paths.map(showPath), signal);
  if (inputs.events.length === 0) return { events: 0, unknowns: [] };
  const { readEventBatches } = await import('@breakwater/sources/events');
  const read = { events: 0, unknowns: [] as Unknown[] };
  for (const path of inputs.events)
    for await (const batch of readEventBatches(path, { source: showPath(path) })) {
      signal?.throwIfAborted();
      for (const { event, unknown } of batch) {
        if (unknown !== undefined) read.unknowns.push(unknown);
        if (event === undefined) continue;
        read.events += 1;
        take(event);
      }
    }
  return read;
}
