import { nameOf, type ResourceKind } from './resource-kinds.ts';

/** Which kinds are read. */
export interface KindSelection {
  /** `pods`, `deployments.apps`: only these. All that follows is left aside. */
  only?: readonly string[] | undefined;
  /** Not these. */
  except?: readonly string[] | undefined;
}

/** How a kind is read. `metadata`: names, labels and annotations alone, without content. */
export interface ChosenKind extends ResourceKind {
  content: 'whole' | 'metadata';
  /** Limits what the server sends. */
  fieldSelector?: string;
}

/**
 * What is no state anybody judges, comes in floods, or repeats what other kinds say: heartbeats, events, measurements,
 * old revisions, verdicts of other tools on the same objects.
 */
const NOISE = new Set([
  'bindings',
  'componentstatuses',
  'endpoints',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'controllerrevisions.apps',
  'csistoragecapacities.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'ipaddresses.networking.k8s.io',
  'storageversions.internal.apiserver.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  'ciliumendpoints.cilium.io',
  'ciliumendpointslices.cilium.io',
  'ciliumidentities.cilium.io',
  'ciliumnodes.cilium.io',
]);
const NOISY_GROUPS =
  /^(metrics\.k8s\.io|custom\.metrics\.k8s\.io|external\.metrics\.k8s\.io|reports\.kyverno\.io|wgpolicyk8s\.io|openreports\.io|aquasecurity\.github\.io|spdx\.softwarecomposition\.kubescape\.io)$/;

/** Secrets that releases of Helm, tokens and bootstrapping make by themselves: nobody would call them unused. */
const OWN_SECRETS = ['helm.sh/release.v1', 'kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token']
  .map((type) => `type!=${type}`)
  .join(',');

/**
 * The kinds to read, in order of their names. Of Secrets only metadata is ever read. A kind that cannot be listed (a
 * review, a subresource) is none of them.
 */
export function chooseKinds(kinds: readonly ResourceKind[], { only, except = [] }: KindSelection = {}): ChosenKind[] {
  return kinds
    .filter(({ verbs }) => verbs.includes('list'))
    .filter((kind) => {
      const name = nameOf(kind);
      if (except.includes(name)) return false;
      if (only) return only.includes(name);
      return !NOISE.has(name) && !NOISY_GROUPS.test(kind.group);
    })
    .map((kind): ChosenKind => {
      const isSecret = kind.group === '' && kind.resource === 'secrets';
      return isSecret ? { ...kind, content: 'metadata', fieldSelector: OWN_SECRETS } : { ...kind, content: 'whole' };
    })
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
