import type { Workload, WrittenSecret } from '@breakwater/model';
import {
  familyOf,
  SecretUses,
  storesOf,
  typeFamily,
  writtenKeysOf,
  writtenSecretsIn,
} from '../../secrets/estate/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { secretPoints } from './secrets.ts';
import { settingReason } from './settings.ts';

/**
 * Secrets in plain text: whoever reads the file has them. One in the environment of a workload, its command line or a
 * ConfigMap is an asset of its own, which the workload holds; the same secret in two places is one asset. A Secret whose
 * manifest holds its content is the asset that it is. What images are pulled with lies on nodes.
 */
export function addWrittenSecrets(builder: GraphBuilder, facts: EstateFacts): void {
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const readers = configMapReaders(facts.workloads);
  for (const object of facts.objects)
    for (const secret of writtenSecretsIn(object)) {
      const { cluster, namespace, kind, name } = object;
      const own = workloads.get(`${cluster}/${namespace}/${kind}/${name}`);
      const holders = own !== undefined ? [own] : (readers.get(`${cluster}/${namespace}/${name}`) ?? []);
      addPlain(builder, cluster, secret, kind === 'ConfigMap' || own !== undefined ? holders : []);
    }
  addSecretManifests(builder, facts);
  addPulls(builder, facts);
}

function addPlain(builder: GraphBuilder, cluster: string, secret: WrittenSecret, holders: readonly Workload[]): void {
  const { name, rule, fingerprint, subject, place } = secret;
  const setting = secretPoints[typeFamily(rule, name)];
  const asset = nodeId.written(cluster, fingerprint);
  builder.node(asset, 'asset', `${name} of ${subject}, in plain text`, builder.number(setting), settingReason(setting));
  const mitigation =
    'put it into a Secret from a store outside, mount it as a file, and replace it: it was read by many';
  builder.edge({
    id: `written|${asset}`,
    from: nodeId.credentials,
    to: asset,
    kind: 'credential',
    probability: builder.number('writtenSecret'),
    phrase: `reads ${name} in plain text in ${place.source}`,
    reason: settingReason('writtenSecret'),
    mitigation,
    places: [place],
  });
  for (const holder of holders)
    builder.edge({
      id: `holds|${holder.id}|${asset}`,
      from: nodeId.workload(holder.id),
      to: asset,
      kind: 'credential',
      probability: builder.number('credentialUse'),
      phrase: `has ${name} in plain text`,
      reason: settingReason('credentialUse'),
      mitigation,
      places: [place],
    });
}

/** Workloads by the ConfigMaps that they mount or read into their environment. */
function configMapReaders(workloads: readonly Workload[]): Map<string, Workload[]> {
  const readers = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const names = new Set([
      ...workload.volumes.flatMap(({ kind, from }) => (kind === 'configMap' && from !== undefined ? [from] : [])),
      ...workload.containers.flatMap(({ environment }) =>
        environment.flatMap(({ from }) => (from?.startsWith('configMap/') ? [from.split('/')[1] ?? ''] : [])),
      ),
    ]);
    for (const name of names) {
      const key = `${workload.cluster}/${workload.namespace}/${name}`;
      readers.set(key, [...(readers.get(key) ?? []), workload]);
    }
  }
  return readers;
}

function addSecretManifests(builder: GraphBuilder, facts: EstateFacts): void {
  const sealed = new Set(storesOf(facts.objects).map(({ object }) => object));
  for (const object of facts.objects) {
    if (object.kind !== 'Secret' || object.apiVersion !== 'v1' || object.live === true || sealed.has(object)) continue;
    if (writtenKeysOf(object).length === 0) continue;
    const secret = nodeId.secret(object.cluster, object.namespace, object.name);
    builder.edge({
      id: `written|${secret}`,
      from: nodeId.credentials,
      to: secret,
      kind: 'credential',
      probability: builder.number('writtenSecret'),
      phrase: `reads it in ${object.place.source}, where base64 hides nothing`,
      reason: settingReason('writtenSecret'),
      mitigation: 'keep it in a store outside (External Secrets) or seal its manifest, and replace it',
      places: [object.place],
    });
  }
}

function addPulls(builder: GraphBuilder, facts: EstateFacts): void {
  const uses = new SecretUses(facts.objects);
  for (const id of uses.ids()) {
    const pulls = uses.of(id).filter(({ by }) => by === 'image-pull');
    const [first] = pulls;
    if (first === undefined) continue;
    const { cluster, namespace } = first.object;
    const name = id.split('/').at(-1)!;
    const secret = nodeId.secret(cluster, namespace, name);
    if (!builder.has(secret)) {
      const setting = secretPoints[familyOf('kubernetes.io/dockerconfigjson', [])];
      builder.node(
        secret,
        'asset',
        `secret ${namespace}/${name}`,
        builder.number(setting),
        `${settingReason(setting)}; its manifest is not here`,
      );
    }
    builder.edge({
      id: `pulls|${secret}`,
      from: nodeId.worker(cluster),
      to: secret,
      kind: 'host',
      probability: builder.number('pulledSecret') / builder.number('smallestCluster'),
      phrase: `keeps secret ${name}, by which images of ${workloadLabel(first.object)} are pulled`,
      reason: settingReason('pulledSecret'),
      mitigation: 'a credential of the node’s cloud role, or one that may only read these images',
      places: first.places,
    });
  }
}
