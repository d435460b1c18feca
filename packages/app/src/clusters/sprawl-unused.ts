import type { ManifestObject, SprawlItem, SprawlKind } from '@breakwater/model';
import { type LiveIndex, ownersOf, textAt, textsAt } from './live-index.ts';
import { type References, referenceKey } from './references.ts';
import { isSystem, sprawlItem } from './sprawl-item.ts';

const UNUSED: [kind: string, sprawl: SprawlKind, why: string][] = [
  ['ConfigMap', 'unused-config-map', 'No pod, workload or custom resource names it'],
  ['Secret', 'unused-secret', 'No pod, workload, service account, ingress or custom resource names it'],
  ['PersistentVolumeClaim', 'unused-claim', 'No pod mounts it, and it holds storage'],
];

/** ConfigMaps and Secrets that programs make for themselves. */
const OWN_NAMES =
  /^(kube-root-ca\.crt|openshift-service-ca\.crt|istio-ca-root-cert|.*-leader-election|sh\.helm\.release\.v1\..*|default-token-.*)$/;
const LEADER = 'control-plane.alpha.kubernetes.io/leader';
const TOKEN_OF = 'kubernetes.io/service-account.name';

/** ConfigMaps, Secrets, claims, service accounts and volumes that nothing names. */
export function unusedObjects(index: LiveIndex, references: References): SprawlItem[] {
  const unused = UNUSED.flatMap(([kind, sprawl, why]) =>
    index
      .ofKind(kind)
      .filter((entry) => !isSystem(entry) && !isMadeByProgram(entry) && !isNamed(kind, entry, references))
      .map((entry) => sprawlItem(sprawl, entry, why)),
  );
  return [...unused, ...unusedAccounts(index, references), ...unusedVolumes(index)];
}

function unusedAccounts(index: LiveIndex, references: References): SprawlItem[] {
  return index
    .ofKind('ServiceAccount')
    .filter((entry) => entry.name !== 'default' && !isSystem(entry) && ownersOf(entry).length === 0)
    .filter((entry) => !isNamed('ServiceAccount', entry, references))
    .map((entry) => {
      const bound = isNamed('bound ServiceAccount', entry, references);
      const why = bound
        ? 'No pod runs as it, and it holds permissions: only who has a token of it could use them'
        : 'No pod runs as it, and it holds no permissions';
      return sprawlItem('unused-service-account', entry, why);
    });
}

function unusedVolumes(index: LiveIndex): SprawlItem[] {
  return index.ofKind('PersistentVolume').flatMap((entry) => {
    const phase = textAt(entry.object, 'status', 'phase');
    if (phase !== 'Released' && phase !== 'Failed') return [];
    const claim = textAt(entry.object, 'spec', 'claimRef', 'name');
    return [
      sprawlItem(
        'unused-volume',
        entry,
        `Its claim${claim ? ` ${claim}` : ''} is gone, and it still holds storage (${phase})`,
      ),
    ];
  });
}

function isNamed(kind: string, { cluster, namespace, name }: ManifestObject, references: References): boolean {
  return references.has(referenceKey(kind, cluster, namespace, name));
}

function isMadeByProgram(entry: ManifestObject): boolean {
  const annotations = textsAt(entry.object, 'metadata', 'annotations');
  return (
    ownersOf(entry).length > 0 ||
    OWN_NAMES.test(entry.name) ||
    annotations[LEADER] !== undefined ||
    annotations[TOKEN_OF] !== undefined ||
    textsAt(entry.object, 'metadata', 'labels')['owner'] === 'helm'
  );
}
