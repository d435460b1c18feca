import type { ManifestObject } from '@breakwater/model';
import { podSpecPath } from '../../inventory/index.ts';
import { fieldAt, fieldOf, labelsOf, objectOf, objectsOf, textOf } from '../../json/index.ts';

/** Where a secret's content comes from, other than from a manifest of it. */
export interface SecretStore {
  cluster: string;
  namespace: string;
  /** Name of the Secret that is made; absent where none is (files in pods alone). */
  secret?: string;
  kind: 'external' | 'sealed' | 'made';
  /** "External Secrets, from ClusterSecretStore aws". */
  words: string;
  object: ManifestObject;
}

type Reader = (object: ManifestObject) => Omit<SecretStore, 'cluster' | 'namespace' | 'object'>[];

const readers: Readonly<Record<string, readonly [group: RegExp, read: Reader]>> = {
  ExternalSecret: [/^(external-secrets\.io|kubernetes-client\.io)\//, externalSecret],
  SealedSecret: [/^bitnami\.com\//, sealedSecret],
  SopsSecret: [/^(isindir\.github\.com|addons\.projectcapsule\.dev)\//, sopsSecret],
  SecretProviderClass: [/^secrets-store\.csi\.x-k8s\.io\//, providerClass],
  VaultStaticSecret: [/^secrets\.hashicorp\.com\//, vaultSecret],
  VaultDynamicSecret: [/^secrets\.hashicorp\.com\//, vaultSecret],
  VaultPKISecret: [/^secrets\.hashicorp\.com\//, vaultSecret],
  OnePasswordItem: [/^onepassword\.com\//, onePassword],
  InfisicalSecret: [/^secrets\.infisical\.com\//, infisical],
  DopplerSecret: [/^secrets\.doppler\.com\//, doppler],
  Certificate: [/^cert-manager\.io\//, certificate],
};

/** Secrets that come from stores outside of the cluster, from sealed manifests, or are made inside of it. */
export function storesOf(objects: readonly ManifestObject[]): SecretStore[] {
  return objects.flatMap((object): SecretStore[] => {
    const { cluster, namespace, kind, apiVersion, name } = object;
    if (kind === 'Secret' && objectOf(fieldOf(object.object, 'sops')) !== undefined)
      return [{ cluster, namespace, secret: name, kind: 'sealed', words: 'a manifest encrypted by SOPS', object }];
    const injected = injectionOf(object);
    if (injected !== undefined) return [{ cluster, namespace, kind: 'external', words: injected, object }];
    const known = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
    if (known === undefined || !known[0].test(apiVersion)) return [];
    return known[1](object).map((store) => ({ cluster, namespace, object, ...store }));
  });
}

/** What puts secrets into a workload's pods as they start, by the annotations of its pods. */
function injectionOf(object: ManifestObject): string | undefined {
  const path = podSpecPath(object);
  if (path === undefined) return undefined;
  const marks = labelsOf(fieldAt(object.object, ...path.slice(0, -1), 'metadata', 'annotations'));
  if (marks.get('vault.hashicorp.com/agent-inject') === 'true') {
    const role = marks.get('vault.hashicorp.com/role');
    return `the Vault agent${role === undefined ? '' : `, as role ${role}`}`;
  }
  if (marks.has('vault.security.banzaicloud.io/vault-addr')) return 'the Vault webhook of Bank-Vaults';
  return marks.has('operator.1password.io/item-path') ? 'the 1Password operator' : undefined;
}

function externalSecret({ name, object }: ManifestObject): ReturnType<Reader> {
  const target = textOf(fieldAt(object, 'spec', 'target', 'name')) ?? name;
  const store = objectOf(fieldAt(object, 'spec', 'secretStoreRef'));
  const from = textOf(fieldOf(store, 'name')) ?? textOf(fieldAt(object, 'spec', 'backendType'));
  const kind = textOf(fieldOf(store, 'kind')) ?? 'SecretStore';
  const words =
    from === undefined ? 'External Secrets' : `External Secrets, from ${store === undefined ? '' : `${kind} `}${from}`;
  return [{ secret: target, kind: 'external', words }];
}

function sealedSecret({ name, object }: ManifestObject): ReturnType<Reader> {
  const template = textOf(fieldAt(object, 'spec', 'template', 'metadata', 'name'));
  return [{ secret: template ?? name, kind: 'sealed', words: 'a sealed manifest (SealedSecret)' }];
}

function sopsSecret({ object }: ManifestObject): ReturnType<Reader> {
  return objectsOf(fieldAt(object, 'spec', 'secretTemplates')).flatMap((template) => {
    const name = textOf(fieldOf(template, 'name'));
    return name === undefined ? [] : [{ secret: name, kind: 'sealed' as const, words: 'a manifest encrypted by SOPS' }];
  });
}

function providerClass({ name, object }: ManifestObject): ReturnType<Reader> {
  const provider = textOf(fieldAt(object, 'spec', 'provider')) ?? 'an unnamed provider';
  const words = `the Secrets Store CSI driver, from ${provider} by ${name}`;
  const made = objectsOf(fieldAt(object, 'spec', 'secretObjects')).flatMap((each) => {
    const secret = textOf(fieldOf(each, 'secretName'));
    return secret === undefined ? [] : [{ secret, kind: 'external' as const, words }];
  });
  return made.length > 0 ? made : [{ kind: 'external', words }];
}

function vaultSecret({ object }: ManifestObject): ReturnType<Reader> {
  const secret = textOf(fieldAt(object, 'spec', 'destination', 'name'));
  return [{ ...(secret === undefined ? {} : { secret }), kind: 'external', words: 'the Vault operator' }];
}

function onePassword({ name }: ManifestObject): ReturnType<Reader> {
  return [{ secret: name, kind: 'external', words: 'the 1Password operator' }];
}

function infisical({ object }: ManifestObject): ReturnType<Reader> {
  const secret = textOf(fieldAt(object, 'spec', 'managedSecretReference', 'secretName'));
  return [{ ...(secret === undefined ? {} : { secret }), kind: 'external', words: 'the Infisical operator' }];
}

function doppler({ object }: ManifestObject): ReturnType<Reader> {
  const secret = textOf(fieldAt(object, 'spec', 'managedSecret', 'name'));
  return [{ ...(secret === undefined ? {} : { secret }), kind: 'external', words: 'the Doppler operator' }];
}

function certificate({ object }: ManifestObject): ReturnType<Reader> {
  const secret = textOf(fieldAt(object, 'spec', 'secretName'));
  return secret === undefined ? [] : [{ secret, kind: 'made', words: 'cert-manager makes it' }];
}
