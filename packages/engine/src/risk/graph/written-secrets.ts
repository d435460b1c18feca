import type { Workload, WrittenSecret } from '@breakwater/model';
import {
  familyOf,
  pipedDownloads,
  type RecipeSecret,
  recipeSecretsIn,
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
  addRecipes(builder, facts);
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
    from: readersOf(builder),
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

/** Where reading begins. It is there only where something is written. */
function readersOf(builder: GraphBuilder): string {
  return builder.node(nodeId.readers, 'origin', 'a reader of files and images');
}

/** Secrets that recipes write into images: in every layer for whoever may pull, and in every container. */
function addRecipes(builder: GraphBuilder, facts: EstateFacts): void {
  const runs = Map.groupBy(
    facts.workloads.flatMap((workload) => workload.containers.map(({ image }) => ({ image, workload }))),
    ({ image }) => image,
  );
  for (const [reference, recipe] of facts.dockerfiles ?? []) {
    for (const line of pipedDownloads(recipe))
      builder.edge({
        id: `download|${reference}`,
        from: nodeId.images,
        to: nodeId.image(reference),
        kind: 'supply-chain',
        probability: builder.number('pipedDownload'),
        phrase: `image ${reference} runs in its build what it downloads`,
        reason: settingReason('pipedDownload'),
        mitigation: 'download a version by its digest, check it, then run it',
        places: [{ source: recipe.path, line }],
      });
    for (const secret of recipeSecretsIn(recipe))
      for (const { workload } of runs.get(reference) ?? [])
        addRecipeSecret(builder, workload, recipe.path, secret, reference);
  }
}

function addRecipeSecret(
  builder: GraphBuilder,
  workload: Workload,
  path: string,
  { rule, name, words, line, fingerprint }: RecipeSecret,
  reference: string,
): void {
  const setting = secretPoints[typeFamily(rule, name)];
  const asset = nodeId.written(workload.cluster, fingerprint);
  const places = [{ source: path, line }];
  const mitigation = 'give it to the build as a secret mount, which leaves nothing in a layer, and replace it';
  builder.node(asset, 'asset', `${name} in image ${reference}`, builder.number(setting), settingReason(setting));
  builder.edge({
    id: `image-secret|${asset}`,
    from: readersOf(builder),
    to: asset,
    kind: 'credential',
    probability: builder.number('imageSecret'),
    phrase: `pulls image ${reference}, whose recipe ${words}`,
    reason: settingReason('imageSecret'),
    mitigation,
    places,
  });
  builder.edge({
    id: `holds|${workload.id}|${asset}`,
    from: nodeId.workload(workload.id),
    to: asset,
    kind: 'credential',
    probability: builder.number('credentialUse'),
    phrase: `has an image whose recipe ${words}`,
    reason: settingReason('credentialUse'),
    mitigation,
    places,
  });
}

function addSecretManifests(builder: GraphBuilder, facts: EstateFacts): void {
  const sealed = new Set(storesOf(facts.objects).map(({ object }) => object));
  for (const object of facts.objects) {
    if (object.kind !== 'Secret' || object.apiVersion !== 'v1' || object.live === true || sealed.has(object)) continue;
    if (writtenKeysOf(object).length === 0) continue;
    const secret = nodeId.secret(object.cluster, object.namespace, object.name);
    builder.edge({
      id: `written|${secret}`,
      from: readersOf(builder),
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
