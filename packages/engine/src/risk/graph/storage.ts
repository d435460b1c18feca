import { copiesOf, type SharedStore, type StoreUse, sharedStores } from '../../storage/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { settingReason } from './settings.ts';

/**
 * Data that several workloads mount: who writes them has a hand in whoever reads them, and who reads them holds what
 * another claim keeps. Each store is a hub for its readers and one for its writers, so edges grow with mounts, never with pairs.
 */
export function addSharedStorage(builder: GraphBuilder, facts: EstateFacts): void {
  for (const store of sharedStores(facts.objects, facts.workloads)) addStore(builder, store);
  for (const { cluster, namespace, claim, from, snapshot, places } of copiesOf(facts.objects)) {
    const of = snapshot === undefined ? '' : ` by snapshot ${snapshot.namespace}/${snapshot.name}`;
    builder.edge({
      id: `copy|${cluster}/${namespace}/${claim}|${from.namespace}/${from.claim}`,
      from: nodeId.volume(cluster, namespace, claim),
      to: nodeId.volume(cluster, from.namespace, from.claim),
      kind: 'credential',
      probability: builder.number('sharedVolumeData'),
      phrase: `is a copy of volume ${from.namespace}/${from.claim}${of}`,
      reason: settingReason('sharedVolumeData'),
      mitigation: 'delete the copy when it has served, and grant snapshots to nobody else',
      places,
    });
  }
}

function addStore(builder: GraphBuilder, store: SharedStore): void {
  const writers = store.uses.filter(({ writes }) => writes);
  const claims = new Set(
    store.uses.flatMap(({ claim, workload }) =>
      claim === undefined ? [] : [nodeId.volume(workload.cluster, workload.namespace, claim)],
    ),
  );
  if (writers.length > 0) addInfluence(builder, store, writers);
  if (claims.size > 1 || store.uses.some(({ claim }) => claim === undefined))
    addData(
      builder,
      store,
      [...claims].filter((claim) => builder.has(claim)),
    );
}

/** From each that writes to each that mounts. On paths of nodes only pods of one node meet. */
function addInfluence(builder: GraphBuilder, store: SharedStore, writers: readonly StoreUse[]): void {
  const hub = builder.node(`hub:store/${store.id}/written`, 'hub', store.label);
  for (const { workload, by, places } of writers)
    builder.edge({
      id: `writes|${workload.id}|${store.id}`,
      from: nodeId.workload(workload.id),
      to: hub,
      kind: 'host',
      phrase: `writes to ${store.label}`,
      reason: `${workloadLabel(workload)} mounts it by ${by}, and may write`,
      mitigation: 'mount it with readOnly, or give it a volume of its own',
      places,
    });
  for (const use of store.uses) {
    const share = store.ofNode && use.workload.kind !== 'DaemonSet' ? 1 / builder.number('smallestCluster') : 1;
    builder.edge({
      id: `trusts|${use.workload.id}|${store.id}`,
      from: hub,
      to: nodeId.workload(use.workload.id),
      kind: 'host',
      probability: builder.number('sharedVolume') * share,
      phrase: `whose files ${workloadLabel(use.workload)} reads too`,
      reason: [settingReason('sharedVolume'), ...(share < 1 ? ['only pods of one node share its paths'] : [])].join(
        '; ',
      ),
      mitigation: `a volume of its own for ${workloadLabel(use.workload)}`,
      places: use.places,
    });
  }
}

/** From each that mounts to what other claims keep in the same place. */
function addData(builder: GraphBuilder, store: SharedStore, claims: readonly string[]): void {
  if (claims.length === 0) return;
  const hub = builder.node(`hub:store/${store.id}/data`, 'hub', store.label);
  for (const { workload, by, places } of store.uses)
    builder.edge({
      id: `reads|${workload.id}|${store.id}`,
      from: nodeId.workload(workload.id),
      to: hub,
      kind: 'credential',
      phrase: `holds ${store.label}`,
      reason: `${workloadLabel(workload)} mounts it by ${by}`,
      mitigation: `a volume of its own for ${workloadLabel(workload)}`,
      places,
    });
  for (const claim of claims)
    builder.edge({
      id: `data|${claim}|${store.id}`,
      from: hub,
      to: claim,
      kind: 'credential',
      probability: builder.number('sharedVolumeData'),
      phrase: 'which are the same data',
      reason: settingReason('sharedVolumeData'),
    });
}
