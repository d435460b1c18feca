import type { ManifestObject, Workload } from '@breakwater/model';
import { type IdentityFacts, podSpecsOf } from '../identity/index.ts';
import { exposuresByDesign, finderOf, servicesOf } from '../network/index.ts';
import { calledServices } from './called-services.ts';
import { entrances } from './entrances.ts';
import type { Flow, FlowFindings, Gap } from './flow.ts';
import { platformFlows } from './platform.ts';
import { scrapes } from './scrapes.ts';

/** What needed connections are found from. */
export interface NeedFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  identity: IdentityFacts;
  /** What run time told; none where nothing was observed. */
  observed?: FlowFindings;
  /** Namespaces of the controllers behind Ingresses, Gateways and Routes. */
  ingressNamespaces?: readonly string[];
}

/** Every connection that workloads are known to need: declared by manifests, told by run time, or Kubernetes' own. */
export function neededFlows(facts: NeedFacts): FlowFindings {
  const { objects, workloads, identity, observed } = facts;
  const services = servicesOf(objects, finderOf(workloads));
  const specs = podSpecsOf(objects, workloads);
  const found = [
    calledServices({ objects, workloads, services, specs }),
    entrances({
      objects,
      workloads,
      services,
      exposures: exposuresByDesign(objects, workloads),
      controllerNamespaces: facts.ingressNamespaces ?? [],
    }),
    scrapes({ objects, workloads, services }),
    platformFlows({ objects, workloads, services, specs, identity }),
    ...(observed === undefined ? [] : [observed]),
  ];
  return { flows: distinct(found.flatMap(({ flows }) => flows)), gaps: onceEach(found.flatMap(({ gaps }) => gaps)) };
}

/** Each connection once, by what is said of it first. */
function distinct(flows: readonly Flow[]): Flow[] {
  const known = new Map<string, Flow>();
  for (const flow of flows) {
    const key = JSON.stringify([flow.from, flow.to, flow.ports]);
    if (!known.has(key)) known.set(key, flow);
  }
  return [...known.values()];
}

function onceEach(gaps: readonly Gap[]): Gap[] {
  return [...new Map(gaps.map((gap) => [gap.message, gap])).values()];
}
