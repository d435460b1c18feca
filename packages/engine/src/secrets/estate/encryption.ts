import type { JsonObject, ManifestObject, SecretEncryption } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, objectsOf, textsOf } from '../../json/index.ts';

/** Providers of an EncryptionConfiguration that encrypt. */
const encrypting = new Set(['aescbc', 'aesgcm', 'secretbox', 'kms']);

/**
 * Whether each cluster encrypts secrets in its database: by an EncryptionConfiguration among what was given, else by the
 * flags of its kube-apiserver; a hosted control plane shows neither, and then nobody can tell.
 */
export function encryptionOf(objects: readonly ManifestObject[], clusters: readonly string[]): SecretEncryption[] {
  return clusters.map((cluster) => {
    const own = objects.filter((object) => object.cluster === cluster);
    const configuration = own.find(({ kind, apiVersion }) => isConfiguration(kind, apiVersion));
    if (configuration !== undefined) return byConfiguration(cluster, configuration);
    const servers = own.flatMap((object) => flagsOf(object).map((flags) => ({ object, flags })));
    if (servers.length === 0)
      return {
        cluster,
        encrypted: 'unknown',
        reason: 'neither an EncryptionConfiguration nor the flags of kube-apiserver are among what was given',
        places: [],
      };
    const without = servers.find(({ flags }) => !flags.some((flag) => /^--encryption-provider-config=./.test(flag)));
    const { object } = without ?? servers[0]!;
    return without === undefined
      ? {
          cluster,
          encrypted: 'unknown',
          reason: 'kube-apiserver names an EncryptionConfiguration, which is not among what was given',
          places: [object.place],
        }
      : {
          cluster,
          encrypted: 'no',
          reason: 'kube-apiserver has no --encryption-provider-config',
          places: [object.place],
        };
  });
}

function isConfiguration(kind: string, apiVersion: string): boolean {
  return kind === 'EncryptionConfiguration' && apiVersion.startsWith('apiserver.config.k8s.io/');
}

/** The first provider of the first entry that covers secrets writes; `identity` writes them as they are. */
function byConfiguration(cluster: string, { object, place }: ManifestObject): SecretEncryption {
  const entry = objectsOf(fieldOf(object, 'resources')).find((each) =>
    textsOf(fieldOf(each, 'resources')).some((one) => ['secrets', '*.', '*.*'].includes(one)),
  );
  const provider = Object.keys(objectsOf(fieldOf(entry, 'providers'))[0] ?? {})[0];
  const places = [place];
  if (provider !== undefined && encrypting.has(provider))
    return { cluster, encrypted: 'yes', reason: `the EncryptionConfiguration writes secrets with ${provider}`, places };
  const reason =
    provider === undefined
      ? 'the EncryptionConfiguration does not cover secrets'
      : `the EncryptionConfiguration writes secrets with ${provider}, as they are`;
  return { cluster, encrypted: 'no', reason, places };
}

/** Flags of every kube-apiserver in a pod, `--name value` as `--name=value`. */
function flagsOf({ kind, apiVersion, object }: ManifestObject): string[][] {
  if (kind !== 'Pod' || apiVersion !== 'v1') return [];
  return objectsOf(fieldAt(object, 'spec', 'containers')).flatMap((container: JsonObject) => {
    const words = ['command', 'args'].flatMap((field) => textsOf(fieldOf(objectOf(container), field)));
    if (!words.some((word) => /(^|[\s/])kube-apiserver(\s|$)/.test(word))) return [];
    return [
      words
        .flatMap((word) => word.split(/\s+/))
        .map((word, at, all) => (word.includes('=') ? word : `${word}=${all[at + 1] ?? ''}`)),
    ];
  });
}
