import type { JsonObject, ManifestObject, SecretFamily, Workload } from '@breakwater/model';
import { serviceAccountId } from '../../identity/index.ts';
import { fieldAt, fieldOf, objectOf, textOf } from '../../json/index.ts';
import { familyOf } from '../../secrets/estate/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { type SettingName, settingReason } from './settings.ts';
import { marksOf, ownValue } from './values.ts';

/** Points of a secret by what it opens. */
export const secretPoints: Readonly<Record<SecretFamily, SettingName>> = {
  cloud: 'valueSecretCloud',
  database: 'valueSecretDatabase',
  token: 'valueSecretToken',
  key: 'valueSecretKey',
  registry: 'valueSecretRegistry',
  other: 'valueSecretOther',
};

/** Secrets and volumes as assets, and the workloads that hold them. */
export function addSecretsAndVolumes(builder: GraphBuilder, facts: EstateFacts): void {
  for (const object of facts.objects) {
    if (object.kind === 'Secret' && object.apiVersion === 'v1') addSecret(builder, object);
    if (object.kind === 'PersistentVolumeClaim' && object.apiVersion === 'v1')
      addVolume(builder, object.cluster, object.namespace, object.name, object);
  }
  for (const workload of facts.workloads) addHoldings(builder, workload);
}

function addSecret(builder: GraphBuilder, object: ManifestObject): void {
  const type = textOf(fieldOf(object.object, 'type')) ?? '';
  const keys = ['data', 'stringData'].flatMap((field) => Object.keys(objectOf(fieldOf(object.object, field)) ?? {}));
  const own = ownValue(marksOf(object));
  const setting = kindOf(type, [object.name, ...keys]);
  const id = nodeId.secret(object.cluster, object.namespace, object.name);
  builder.node(
    id,
    'asset',
    `secret ${object.namespace}/${object.name}`,
    own?.value ?? builder.number(setting),
    own?.reason ?? settingReason(setting),
  );
  if (type === 'kubernetes.io/service-account-token') addAccountToken(builder, object, id);
}

function kindOf(type: string, words: readonly string[]): SettingName {
  return secretPoints[familyOf(type, words)];
}

function addAccountToken(builder: GraphBuilder, object: ManifestObject, secret: string): void {
  const annotations: JsonObject | undefined = objectOf(fieldAt(object.object, 'metadata', 'annotations'));
  const account = textOf(fieldOf(annotations, 'kubernetes.io/service-account.name'));
  if (account === undefined) return;
  builder.edge({
    id: `token-secret|${secret}`,
    from: secret,
    to: serviceAccountId(object.cluster, object.namespace, account),
    kind: 'credential',
    phrase: `is the token of service account ${account}`,
    reason: 'a token in a secret does not expire',
    places: [object.place],
  });
}

function addVolume(
  builder: GraphBuilder,
  cluster: string,
  namespace: string,
  claim: string,
  object?: ManifestObject,
): string {
  const own = object === undefined ? undefined : ownValue(marksOf(object));
  const id = nodeId.volume(cluster, namespace, claim);
  return builder.node(
    id,
    'asset',
    `volume ${namespace}/${claim}`,
    own?.value ?? builder.number('valueVolume'),
    own?.reason ?? settingReason('valueVolume'),
  );
}

function addHoldings(builder: GraphBuilder, workload: Workload): void {
  const { cluster, namespace } = workload;
  const hold = (target: string, phrase: string) =>
    builder.edge({
      id: `holds|${workload.id}|${target}`,
      from: nodeId.workload(workload.id),
      to: target,
      kind: 'credential',
      probability: builder.number('credentialUse'),
      phrase,
      reason: settingReason('credentialUse'),
      places: workload.definitions.slice(0, 1),
    });
  for (const [name, { how, words }] of secretsHeld(workload)) {
    const id = nodeId.secret(cluster, namespace, name);
    if (!builder.has(id)) {
      const setting = kindOf('', [name, ...words]);
      builder.node(
        id,
        'asset',
        `secret ${namespace}/${name}`,
        builder.number(setting),
        `${settingReason(setting)}; its manifest is not here`,
      );
    }
    hold(id, `${how} secret ${name}`);
  }
  const mounted = new Set(workload.containers.flatMap(({ mounts }) => mounts.map(({ volume }) => volume)));
  for (const { name, kind, from } of workload.volumes) {
    if (kind !== 'persistentVolumeClaim' || from === undefined || !mounted.has(name)) continue;
    const id = nodeId.volume(cluster, namespace, from);
    if (!builder.has(id)) addVolume(builder, cluster, namespace, from);
    hold(id, `mounts volume ${from} of ${workloadLabel(workload)}`);
  }
}

/** Secrets that a workload mounts or reads into its environment, with the names by which it does. */
function secretsHeld(workload: Workload): Map<string, { how: string; words: string[] }> {
  const held = new Map<string, { how: string; words: string[] }>();
  const add = (name: string, how: string, words: string[]) => {
    const known = held.get(name);
    if (known === undefined) held.set(name, { how, words });
    else known.words.push(...words);
  };
  for (const { kind, from } of workload.volumes)
    if (kind === 'secret' && from !== undefined && from !== '') add(from, 'mounts', []);
  for (const { environment } of workload.containers)
    for (const { name, from } of environment) {
      const [family, secret, key] = (from ?? '').split('/');
      if (family === 'secret' && secret !== undefined && secret !== '')
        add(secret, 'reads', [name, ...(key === undefined ? [] : [key])]);
    }
  return held;
}
