import type { Exposure, Workload } from '@breakwater/model';
import { principalId } from '../../identity/index.ts';
import { containersAt } from './doors.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { settingReason } from './settings.ts';

/** Where attacks begin, and the first step of each. */
export function addEntries(builder: GraphBuilder, facts: EstateFacts): void {
  builder.node(nodeId.internet, 'origin', 'Internet');
  builder.node(nodeId.credentials, 'origin', 'a leaked credential');
  builder.node(nodeId.images, 'origin', 'a malicious image');
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  addNeighbours(builder, facts);
  const served = new Set(facts.objects.filter(({ kind }) => kind === 'GatewayClass').map(({ cluster }) => cluster));
  for (const { exposure, sure } of waysIn(facts)) {
    const workload = workloads.get(exposure.workload);
    if (workload === undefined) continue;
    const unseen = exposure.through === 'gateway' && !served.has(workload.cluster);
    addExposure(builder, exposure, workload, { served: unseen ? builder.number('gatewayUnseen') : 1, sure });
  }
  addCredentials(builder, facts);
  addImages(builder, facts);
}

/** Whether a way in is there for certain, or only as far as is known: by policies that are not evaluated it may be otherwise. */
type Sure = 'open' | 'doubted' | 'possible';

/** Every way in that may be there, the certain ones first. */
function waysIn({ reachability }: EstateFacts): { exposure: Exposure; sure: Sure }[] {
  const { exposures, least, most } = reachability;
  const as = (some: readonly Exposure[], sure: Sure) => some.map((exposure) => ({ exposure, sure }));
  if (least === undefined) return as(exposures, 'open');
  return [...as(least.exposures, 'open'), ...as(exposures, 'doubted'), ...as(most?.exposures ?? [], 'possible')];
}

function addNeighbours(builder: GraphBuilder, facts: EstateFacts): void {
  const near = new Set(
    waysIn(facts).flatMap(({ exposure }) => (exposure.from === 'network' ? [exposure.workload] : [])),
  );
  const clusters = new Set(facts.workloads.filter(({ id }) => near.has(id)).map(({ cluster }) => cluster));
  for (const cluster of clusters) {
    builder.node(nodeId.network(cluster), 'hub', 'network around the nodes');
    builder.edge({
      id: `entry|network|${cluster}`,
      from: nodeId.internet,
      to: nodeId.network(cluster),
      kind: 'entry',
      probability: builder.number('internet') * builder.number('neighbour'),
      phrase: 'from the network around the nodes',
      reason: settingReason('neighbour'),
    });
  }
}

/** `served` is below 1 where nothing given says that somebody serves the way in: then it may as well be shut. */
function addExposure(
  builder: GraphBuilder,
  exposure: Exposure,
  workload: Workload,
  { served, sure }: { served: number; sure: Sure },
): void {
  const { through, via, port, protocol, from, phrase, places } = exposure;
  const fromInternet = from === 'internet';
  const origin = fromInternet ? nodeId.internet : nodeId.network(workload.cluster);
  const atMost = fromInternet ? builder.number('internet') : 1;
  const probability = sure === 'possible' ? 0 : served * atMost;
  const range: [number, number] = [0, atMost];
  const ranged = served < 1 || sure !== 'open';
  const containers = containersAt(workload, port, protocol);
  const open = `${phrase}${port === 0 ? '' : ` to port ${port}`}, and no network policy closes it${doubtOf(served, sure)}`;
  for (const container of containers)
    builder.edge({
      id: `entry|${through}|${via}|${port}/${protocol}|${from}|${workload.id}|${container.name}`,
      from: origin,
      to: nodeId.door(workload.id, container.name),
      kind: 'entry',
      probability,
      ...(ranged ? { range } : {}),
      phrase,
      reason: open,
      places,
    });
  if (!fromInternet) return;
  const flaw = builder.number('exposedFlaw');
  builder.edge({
    id: `flaw|${workload.id}`,
    from: origin,
    to: nodeId.workload(workload.id),
    enters: containers.length === 1 ? containers[0]!.name : undefined,
    kind: 'entry',
    probability: probability * flaw,
    ...(sure === 'open' ? {} : { range: [0, atMost * flaw] as [number, number] }),
    phrase: `${phrase}, by an unpublished flaw or a stolen password`,
    reason: settingReason('exposedFlaw'),
    places,
  });
}

function doubtOf(served: number, sure: Sure): string {
  const unseen = served < 1 ? `; ${settingReason('gatewayUnseen')}` : '';
  return sure === 'open' ? unseen : `${unseen}; there are network policies that are not evaluated`;
}

/** People's credentials leak; whoever needs none may come from the Internet. */
function addCredentials(builder: GraphBuilder, facts: EstateFacts): void {
  for (const identity of facts.identity.identities) {
    if (identity.human)
      builder.edge({
        id: `leak|${identity.id}`,
        from: nodeId.credentials,
        to: identity.id,
        kind: 'credential',
        probability: builder.number('humanCredential'),
        phrase: `with a leaked credential of ${identity.kind === 'Group' ? 'a member of ' : ''}${identity.name}`,
        reason: settingReason('humanCredential'),
        places: identity.places,
      });
    const anonymous = [
      principalId(identity.cluster, 'User', 'system:anonymous'),
      principalId(identity.cluster, 'Group', 'system:unauthenticated'),
    ];
    if (anonymous.includes(identity.id))
      builder.edge({
        id: `anonymous|${identity.id}`,
        from: nodeId.internet,
        to: identity.id,
        kind: 'entry',
        probability: builder.number('internet') * builder.number('anonymousApi'),
        phrase: 'without any credential at the API server',
        reason: settingReason('anonymousApi'),
      });
  }
}

/** An image is malicious once, wherever it runs. */
function addImages(builder: GraphBuilder, facts: EstateFacts): void {
  for (const workload of facts.workloads)
    for (const { image: reference, name } of workload.containers) {
      if (reference === '') continue;
      const hub = nodeId.image(reference);
      if (!builder.has(hub)) {
        builder.node(hub, 'hub', `image ${reference}`);
        builder.edge({
          id: `malicious|${reference}`,
          from: nodeId.images,
          to: hub,
          kind: 'supply-chain',
          probability: builder.number('maliciousImage'),
          phrase: `image ${reference} is malicious`,
          reason: settingReason('maliciousImage'),
        });
      }
      builder.edge({
        id: builder.has(nodeId.pod(workload.id))
          ? `runs|${reference}|${workload.id}|${name}`
          : `runs|${reference}|${workload.id}`,
        from: hub,
        to: nodeId.workload(workload.id),
        enters: name,
        kind: 'supply-chain',
        phrase: `runs in ${workloadLabel(workload)}`,
        reason: `${workloadLabel(workload)} runs ${reference}`,
        places: workload.definitions.slice(0, 1),
      });
    }
}
