import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import type { IdentityFacts } from '../identity/index.ts';
import { fieldAt, fieldOf, listOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { parseAddress, type Service } from '../network/index.ts';
import { ANY_ADDRESS, type Block, endOf, type Flow, type FlowEnd, type FlowFindings, onPort } from './flow.ts';

/** What the platform's own connections are found from. */
export interface PlatformFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  services: readonly Service[];
  specs: ReadonlyMap<string, JsonObject>;
  identity: IdentityFacts;
}

const DNS_PORTS = [onPort(53, 'UDP'), onPort(53)];
/** Where node-local caches of the cluster's DNS listen. */
const NODE_LOCAL: Block = { cidr: '169.254.20.10/32' };

/**
 * Connections that pods need as pods of Kubernetes: names are looked up, members of a set find each other, and whoever
 * uses its token calls the API server. Probes need none: they come from the pod's own node, which no policy closes.
 */
export function platformFlows(facts: PlatformFacts): FlowFindings {
  const api = apiServerFlows(facts);
  return { flows: [...nameLookups(facts), ...memberFlows(facts), ...api.flows], gaps: api.gaps };
}

function nameLookups({ objects, workloads, specs }: PlatformFacts): Flow[] {
  const onOpenShift = new Set(
    objects.filter(({ apiVersion }) => /\.openshift\.io\//.test(apiVersion)).map(({ cluster }) => cluster),
  );
  return workloads.flatMap((workload) => {
    const spec = specs.get(workload.id);
    const flow = (to: FlowEnd, why: string, ports = DNS_PORTS): Flow => ({
      from: endOf(workload),
      to,
      ports,
      basis: 'declared',
      why,
      places: [],
    });
    const servers = textsOf(fieldAt(spec, 'dnsConfig', 'nameservers')).filter((one) => parseAddress(one) !== undefined);
    const blocks = servers.map((one) => ({ cidr: `${one}/${one.includes(':') ? 128 : 32}` }));
    const named = blocks.length === 0 ? [] : [flow({ kind: 'addresses', blocks }, 'its DNS servers')];
    const policy = textOf(fieldOf(spec, 'dnsPolicy')) ?? 'ClusterFirst';
    if (policy === 'None') return named;
    if (policy === 'Default')
      return [...named, flow({ kind: 'addresses', blocks: ANY_ADDRESS }, 'the DNS servers of its node')];
    const why = 'the cluster’s DNS';
    return [
      ...named,
      flow({ kind: 'pods', namespaces: ['kube-system'], labels: {} }, why),
      flow({ kind: 'addresses', blocks: [NODE_LOCAL] }, why),
      ...(onOpenShift.has(workload.cluster)
        ? [flow({ kind: 'pods', namespaces: ['openshift-dns'], labels: {} }, why, [onPort(5353, 'UDP'), onPort(5353)])]
        : []),
    ];
  });
}

/** Members of a StatefulSet, and pods that a headless Service names one by one, call each other. */
function memberFlows({ workloads, services }: PlatformFacts): Flow[] {
  const headless = new Set(services.flatMap((service) => (service.headless ? (service.workloads ?? []) : [])));
  return workloads
    .filter((workload) => workload.kind === 'StatefulSet' || headless.has(workload))
    .map((workload) => ({
      from: endOf(workload),
      to: endOf(workload),
      ports: [],
      basis: 'declared',
      why: 'its pods have names of their own, by which they find each other',
      places: workload.definitions.slice(0, 1),
    }));
}

/** Roles that everybody has. */
const EVERYBODY = /^ClusterRole system:(discovery|basic-user|public-info-viewer|service-account-issuer-discovery)$/;

function apiServerFlows({ objects, workloads, identity }: PlatformFacts): FlowFindings {
  const findings: FlowFindings = { flows: [], gaps: [] };
  const granted = new Set(identity.grants.filter(({ role }) => !EVERYBODY.test(role)).map((grant) => grant.identity));
  const groupsOf = new Map(identity.identities.map(({ id, groups }) => [id, groups]));
  const idle: Workload[] = [];
  for (const workload of workloads) {
    const holder = identity.tokens.get(workload.id);
    if (holder === undefined) continue;
    const used = [holder, ...(groupsOf.get(holder) ?? [])].some((one) => granted.has(one));
    if (used) findings.flows.push(apiServerFlow(workload, objects, 'its service account has permissions'));
    else if (workload.serviceAccount !== 'default') idle.push(workload);
  }
  if (idle.length > 0)
    findings.gaps.push({
      code: 'api-server-address',
      message: `${idle.length} workloads hold a token of their own to which no binding here gives anything (${namesOf(idle)}): the API server is closed to them. Bindings elsewhere would be missed.`,
      places: [],
    });
  if (findings.flows.some(({ to }) => to.kind === 'addresses' && to.blocks === ANY_ADDRESS))
    findings.gaps.push({
      code: 'api-server-address',
      message:
        'The address of the API server is not among the manifests: workloads that use their token may go to any address on ports 443 and 6443.',
      places: [],
    });
  return findings;
}

/** Calls of the API server by a workload. */
export function apiServerFlow(workload: Workload, objects: readonly ManifestObject[], why: string): Flow {
  const { blocks, ports } = apiServerOf(workload.cluster, objects);
  return {
    from: endOf(workload),
    to: { kind: 'addresses', blocks },
    ports: ports.map((port) => onPort(port)),
    basis: 'declared',
    why: `the API server: ${why}`,
    places: [],
  };
}

/** Where the API server is, as a live cluster says it. */
function apiServerOf(
  cluster: string,
  objects: readonly ManifestObject[],
): { blocks: readonly Block[]; ports: number[] } {
  const own = objects.find(
    ({ kind, namespace, name, ...object }) =>
      kind === 'Endpoints' && namespace === 'default' && name === 'kubernetes' && object.cluster === cluster,
  );
  const subsets = objectsOf(fieldOf(own?.object, 'subsets'));
  const addresses = subsets
    .flatMap((subset) => objectsOf(fieldOf(subset, 'addresses')))
    .flatMap((address) => textOf(fieldOf(address, 'ip')) ?? []);
  const ports = subsets
    .flatMap((subset) => listOf(fieldOf(subset, 'ports')))
    .flatMap((port) => {
      const number = fieldOf(port as JsonObject, 'port');
      return typeof number === 'number' ? [number] : [];
    });
  if (addresses.length === 0 || ports.length === 0) return { blocks: ANY_ADDRESS, ports: [443, 6443] };
  return {
    blocks: addresses.map((ip) => ({ cidr: `${ip}/${ip.includes(':') ? 128 : 32}` })),
    ports: [...new Set([443, ...ports])],
  };
}

/** At most five names. */
export function namesOf(workloads: readonly Workload[]): string {
  const names = workloads.slice(0, 5).map(({ namespace, name }) => `${namespace}/${name}`);
  return workloads.length > 5 ? `${names.join(', ')} and ${workloads.length - 5} more` : names.join(', ');
}
