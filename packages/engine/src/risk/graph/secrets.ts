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
  const apart = builder.has(nodeId.pod(workload.id));
  const hold = (target: string, phrase: string, holders: ReadonlySet<string>) => {
    for (const holder of apart && holders.size > 0 ? holders : [undefined])
      builder.edge({
        id: `holds|${workload.id}|${target}${holder === undefined ? '' : `|${holder}`}`,
        from: nodeId.workload(workload.id),
        leaves: holder,
        to: target,
        kind: 'credential',
        probability: builder.number('credentialUse'),
        phrase,
        reason: settingReason('credentialUse'),
        places: workload.definitions.slice(0, 1),
      });
  };
  for (const [name, { how, words, holders }] of secretsHeld(workload)) {
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
    hold(id, `${how} secret ${name}`, holders);
  }
  const mounted = new Set(workload.containers.flatMap(({ mounts }) => mounts.map(({ volume }) => volume)));
  for (const { name, kind, from } of workload.volumes) {
    if (kind !== 'persistentVolumeClaim' || from === undefined || !mounted.has(name)) continue;
    const id = nodeId.volume(cluster, namespace, from);
    if (!builder.has(id)) addVolume(builder, cluster, namespace, from);
    hold(id, `mounts volume ${from} of ${workloadLabel(workload)}`, mountersOf(workload, name));
  }
}

/** Containers that mount a volume of their pod. */
const mountersOf = ({ containers }: Workload, volume: string): Set<string> =>
  new Set(containers.filter(({ mounts }) => mounts.some((mount) => mount.volume === volume)).map(({ name }) => name));

interface HeldSecret {
  how: string;
  /** Names by which it is held. */
  words: string[];
  /** Containers that hold it; none where the pod has a volume of it that no container mounts. */
  holders: Set<string>;
}

/** Secrets that a workload mounts or reads into its environment. */
function secretsHeld(workload: Workload): Map<string, HeldSecret> {
  const held = new Map<string, HeldSecret>();
  const add = (secret: string, how: string, words: string[], holders: Iterable<string>) => {
    const known = held.get(secret) ?? { how, words: [], holders: new Set<string>() };
    held.set(secret, known);
    known.words.push(...words);
    for (const holder of holders) known.holders.add(holder);
  };
  for (const { kind, from, name } of workload.volumes)
    if (kind === 'secret' && from !== undefined && from !== '') add(from, 'mounts', [], mountersOf(workload, name));
  for (const { environment, name: container } of workload.containers)
    for (const { name, from } of environment) {
      const [family, secret, key] = (from ?? '').split('/');
      if (family === 'secret' && secret !== undefined && secret !== '')
        add(secret, 'reads', [name, ...(key === undefined ? [] : [key])], [container]);
    }
  return held;
}
