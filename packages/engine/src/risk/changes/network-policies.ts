import type { Exposure, Json, JsonObject, Workload } from '@breakwater/model';
import { fieldAt, labelsOf } from '../../json/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { editableWorkloads, nodeOf, objectsOfKind, type Proposer, shortName } from './proposal.ts';

/** Names of Services, as `cluster/namespace/name`, by the workload that they lead to. */
function serviceNames(facts: EstateFacts): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const byNamespace = Map.groupBy(facts.workloads, ({ cluster, namespace }) => `${cluster}/${namespace}`);
  for (const service of objectsOfKind(facts, 'Service')) {
    const selector = [...labelsOf(fieldAt(service.object, 'spec', 'selector'))];
    if (selector.length === 0) continue;
    for (const workload of byNamespace.get(`${service.cluster}/${service.namespace}`) ?? []) {
      if (!selector.every(([key, value]) => workload.podLabels[key] === value)) continue;
      names.set(workload.id, [...(names.get(workload.id) ?? []), service.name]);
    }
  }
  return names;
}

/** By `cluster/namespace/name` of a Service: workloads that name it. Built once for the estate. */
function callersByService(facts: EstateFacts): Map<string, Set<Workload>> {
  const callers = new Map<string, Set<Workload>>();
  for (const workload of facts.workloads) {
    for (const service of workload.containers.flatMap(({ namedServices }) => namedServices)) {
      const key = `${workload.cluster}/${service}`;
      callers.set(key, (callers.get(key) ?? new Set()).add(workload));
    }
  }
  return callers;
}

/** Workloads that name a Service of this one: they are meant to call it. */
function callersOf(workload: Workload, services: string[], byService: Map<string, Set<Workload>>): Workload[] {
  const callers = new Set(
    services.flatMap((service) => [...(byService.get(`${workload.cluster}/${workload.namespace}/${service}`) ?? [])]),
  );
  return [...callers].filter(({ id }) => id !== workload.id);
}

function peer(caller: Workload, namespace: string): JsonObject {
  const podSelector = { matchLabels: caller.podLabels };
  if (caller.namespace === namespace) return { podSelector };
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': caller.namespace } }, podSelector };
}

function portRule(port: number, protocol: string): JsonObject {
  return port === 0 ? {} : { protocol, port };
}

/** Rules that keep open what is open to the outside by design: those ports, to everybody. */
function outsideRules(exposures: Exposure[]): JsonObject[] {
  const ports = new Map(exposures.map(({ port, protocol }) => [`${protocol}/${port}`, portRule(port, protocol)]));
  if (ports.size === 0) return [];
  return exposures.some(({ port }) => port === 0) ? [{}] : [{ ports: [...ports.values()] }];
}

function policy(workload: Workload, callers: Workload[], exposures: Exposure[]): { [key: string]: Json } {
  const peers = callers.map((caller) => peer(caller, workload.namespace));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: policyName(workload), namespace: workload.namespace },
    spec: {
      podSelector: { matchLabels: workload.podLabels },
      policyTypes: ['Ingress'],
      ingress: [...outsideRules(exposures), ...(peers.length === 0 ? [] : [{ from: peers }])],
    },
  };
}

function policyName(workload: Workload): string {
  return `${workload.name.slice(0, 240)}-callers`;
}

function detail(workload: Workload, callers: Workload[], exposures: Exposure[]): string {
  const named = callers.map(shortName).join(', ');
  const who = callers.length === 0 ? 'no other workload' : `${named}, which name it in their configuration`;
  const open = exposures.length === 0 ? '' : ', and everybody on the ports that are open to the outside';
  return (
    `A new NetworkPolicy admits ${who}${open}; everything else is refused. Check for callers that find ` +
    `${shortName(workload)} in other ways (monitoring, discovery, jobs). It takes effect only where the network plugin enforces policies.`
  );
}

/**
 * Admits to a workload only those who are meant to call it: who names one of its Services in environment or arguments.
 * A workload that nobody names keeps an empty list, except when nothing at all is known about its callers (no Service
 * leads to it), which says nothing about design.
 */
export const proposeNetworkPolicies: Proposer = (facts) => {
  const services = serviceNames(facts);
  const byService = callersByService(facts);
  const exposures = Map.groupBy(facts.reachability.exposures, (exposure) => exposure.workload);
  return editableWorkloads(facts).flatMap((workload) => {
    const beside = workload.definitions[0]?.source;
    const names = services.get(workload.id);
    const callers = callersOf(workload, names ?? [], byService);
    const open = exposures.get(workload.id) ?? [];
    if (beside === undefined || names === undefined || callers.length + open.length === 0) return [];
    if (workload.hostNetwork || Object.keys(workload.podLabels).length === 0) return [];
    return {
      change: {
        id: `network-policy:${workload.id}`,
        title: `Admit only known callers to ${shortName(workload)}`,
        detail: detail(workload, callers, open),
        workloads: [workload.id],
        edits: [
          {
            target: 'new-object' as const,
            fileName: `${workload.name}-network-policy.yaml`,
            beside,
            object: policy(workload, callers, open),
          },
        ],
        afterRebuild: false,
      },
      cuts: [{ to: nodeOf(workload), kinds: ['exploit', 'reach'] }],
      alike: [
        { key: `network-policy:${workload.cluster}`, title: (workloads) => `Admit only known callers to ${workloads}` },
      ],
    };
  });
};
