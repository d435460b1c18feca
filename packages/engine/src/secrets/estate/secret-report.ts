import type {
  ManifestObject,
  SecretCertificate,
  SecretFacts,
  SecretReport,
  SecretStoreFacts,
  Unknown,
  Workload,
  WrittenSecret,
} from '@breakwater/model';
import type { IdentityFacts } from '../../identity/index.ts';
import { fieldAt, fieldOf, objectsOf, textOf } from '../../json/index.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { certificatesIn } from './certificates.ts';
import { encryptionOf } from './encryption.ts';
import { familyOf } from './families.ts';
import { Readers, type WayToNode } from './readers.ts';
import { type SecretStore, storesOf } from './stores.ts';
import { type SecretUse, SecretUses } from './uses.ts';
import { contentOf, subjectOf, writtenKeysOf, writtenSecretsIn } from './written-secrets.ts';

/** What is known of an estate when its secrets are asked for. */
export interface SecretEstate {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  identity: IdentityFacts;
  /** Ways from a workload's pods to the node under them. */
  waysToNode: (workload: Workload) => readonly WayToNode[];
  /** Plain secrets in texts that are no objects. */
  texts: readonly WrittenSecret[];
  /** The moment, ISO 8601. */
  now: string;
  unknowns: readonly Unknown[];
}

const DAY = 86_400_000;
const STALE_DAYS = 365;
const ENDS_SOON_DAYS = 30;

/** Secrets that programs make and use by themselves. */
const ownTypes = /^(helm\.sh\/release\.v1|bootstrap\.kubernetes\.io\/token|kubernetes\.io\/service-account-token)$/;
const ownNames = /^(sh\.helm\.release\.v1\..*|default-token-.*|bootstrap-token-.*)$/;

/** Every secret of an estate: what it opens, who can read it and how, where it lies in plain text, whether anybody needs it. */
export function secretReport(estate: SecretEstate): SecretReport {
  const { objects, now } = estate;
  const manifests = new Map<string, ManifestObject>();
  for (const object of objects)
    if (object.kind === 'Secret' && object.apiVersion === 'v1') manifests.set(idOf(object), object);
  const stores = new Map<string, SecretStore>();
  const sources = storesOf(objects);
  for (const store of sources)
    if (store.secret !== undefined) stores.set(`${store.cluster}/${store.namespace}/${store.secret}`, store);
  const uses = new SecretUses(objects);
  const ids = [...new Set([...manifests.keys(), ...stores.keys(), ...uses.ids()])].sort();
  const clusters = new Set(
    objects.filter(({ translation }) => translation === undefined).map(({ cluster }) => cluster),
  );
  const encryption = encryptionOf(objects, [...clusters].sort());
  const encrypted = new Map(encryption.map((each) => [each.cluster, each.encrypted]));
  const written = new Written([...objects.flatMap(writtenSecretsIn), ...estate.texts]);
  const readers = new Readers(estate, encrypted);
  const secrets = ids.map((id): SecretFacts => {
    const manifest = manifests.get(id);
    const store = stores.get(id);
    const used = uses.of(id);
    const [cluster, namespace, name] = partsOf(id);
    const { readers: list, more } = readers.of(cluster, namespace, name, used);
    return {
      id,
      cluster,
      namespace,
      name,
      ...contentFacts(name, manifest, used),
      origin: originOf(manifest, store),
      ...(store === undefined ? {} : { store: store.words }),
      usedBy: [...new Set(used.map(({ subject, how }) => `${subject} ${how}`))],
      unused: used.length === 0 && manifest !== undefined && !isOwn(manifest),
      readers: list,
      moreReaders: more,
      written: manifest === undefined || store?.kind === 'sealed' ? [] : written.of(manifest),
      ...ageFacts(manifest, now),
      certificates: manifest === undefined ? [] : certificateFacts(manifest, now),
      encryptedAtRest: encrypted.get(cluster) ?? 'unknown',
      places:
        manifest !== undefined
          ? [manifest.place]
          : store !== undefined
            ? [store.object.place]
            : used.flatMap(({ places }) => places.slice(0, 1)),
    };
  });
  return {
    schemaVersion: 1,
    secrets,
    written: written.others(),
    encryption,
    stores: sources.map(storeFacts),
    unknowns: [...estate.unknowns],
  };
}

function storeFacts({ cluster, namespace, secret, words, object }: SecretStore): SecretStoreFacts {
  const made = secret === undefined ? {} : { secret: `${cluster}/${namespace}/${secret}` };
  return { subject: subjectOf(object), words, ...made, place: object.place };
}

function idOf({ cluster, namespace, name }: ManifestObject): string {
  return `${cluster}/${namespace}/${name}`;
}

/** Names of clusters may have slashes, those of namespaces and secrets have none. */
function partsOf(id: string): [cluster: string, namespace: string, name: string] {
  const parts = id.split('/');
  return [parts.slice(0, -2).join('/'), parts.at(-2)!, parts.at(-1)!];
}

function contentFacts(
  name: string,
  manifest: ManifestObject | undefined,
  used: readonly SecretUse[],
): Pick<SecretFacts, 'family' | 'keys'> & { type?: string } {
  const words = used.flatMap((use) => use.words);
  if (manifest === undefined) return { family: familyOf('', [name, ...words]), keys: [] };
  const type = textOf(fieldOf(manifest.object, 'type')) ?? 'Opaque';
  const keys = ['data', 'stringData'].flatMap((field) =>
    Object.keys((fieldOf(manifest.object, field) as object | null) ?? {}),
  );
  return { type, family: familyOf(type, [name, ...keys, ...words]), keys };
}

function originOf(manifest: ManifestObject | undefined, store: SecretStore | undefined): SecretFacts['origin'] {
  if (store !== undefined) return store.kind;
  if (manifest === undefined) return 'elsewhere';
  return manifest.live === true ? 'cluster' : 'manifest';
}

function isOwn({ name, object }: ManifestObject): boolean {
  return ownTypes.test(textOf(fieldOf(object, 'type')) ?? '') || ownNames.test(name);
}

/** When it was made, and whether nobody changed it for long. Manifests tell no time. */
function ageFacts(
  manifest: ManifestObject | undefined,
  now: string,
): Pick<SecretFacts, 'stale'> & { created?: string } {
  const created = textOf(fieldAt(manifest?.object, 'metadata', 'creationTimestamp'));
  if (created === undefined || Number.isNaN(Date.parse(created))) return { stale: false };
  const changes = objectsOf(fieldAt(manifest?.object, 'metadata', 'managedFields')).map((each) =>
    Date.parse(textOf(fieldOf(each, 'time')) ?? ''),
  );
  const changed = Math.max(Date.parse(created), ...changes.filter((time) => !Number.isNaN(time)));
  return { created, stale: Date.parse(now) - changed > STALE_DAYS * DAY };
}

function certificateFacts({ object }: ManifestObject, now: string): SecretCertificate[] {
  return contentOf(object).flatMap(({ key, text }) =>
    certificatesIn(text).map(({ notAfter }) => {
      const left = Date.parse(notAfter) - Date.parse(now);
      const state = left < 0 ? 'expired' : left < ENDS_SOON_DAYS * DAY ? 'ends-soon' : 'valid';
      return { key, notAfter, state };
    }),
  );
}

/** Plain secrets, found again by their fingerprints. */
class Written {
  readonly #all: readonly WrittenSecret[];
  readonly #byFingerprint: ReadonlyMap<string, WrittenSecret[]>;
  readonly #taken = new Set<WrittenSecret>();

  /** The same in the same place is told once: several files may define one workload. */
  constructor(found: readonly WrittenSecret[]) {
    const all = [
      ...new Map(
        found.map((one) => [JSON.stringify([one.subject, one.name, one.fingerprint, one.place]), one]),
      ).values(),
    ];
    this.#all = all;
    this.#byFingerprint = Map.groupBy(all, ({ fingerprint }) => fingerprint);
  }

  /** The keys that a manifest itself holds, and other places with the same content. */
  of(manifest: ManifestObject): WrittenSecret[] {
    const content = writtenKeysOf(manifest);
    const others = content.flatMap(({ text }) => this.#byFingerprint.get(fingerprintOf(text)) ?? []);
    for (const other of others) this.#taken.add(other);
    if (manifest.live === true) return others;
    const field = fieldOf(manifest.object, 'stringData') === undefined ? 'data' : 'stringData';
    const own = content.map(
      ({ key, text }): WrittenSecret => ({
        rule: 'kubernetes-secret',
        subject: subjectOf(manifest),
        where: 'secret-manifest',
        name: key,
        fingerprint: fingerprintOf(text),
        place: { ...manifest.place, pointer: [field, key] },
      }),
    );
    return [...own, ...others];
  }

  others(): WrittenSecret[] {
    return this.#all.filter((one) => !this.#taken.has(one));
  }
}
