import type { Container, ManifestObject, Workload, WrittenSecret } from '@breakwater/model';
import { writtenKeysOf, writtenSecretsIn } from '../../secrets/estate/index.ts';
import { fingerprintOf } from '../../secrets/fingerprint.ts';

/** A password that a workload has. */
export interface Held {
  workload: Workload;
  /** Undefined where the pod as a whole has it. */
  container: string | undefined;
  /** Variable, key or secret by whose name people know it. */
  name: string;
  /** What it is known by where somebody else has it too: a key of a Secret, the Secret, a fingerprint of its text. */
  marks: readonly string[];
  /** The marks by which the same password is found elsewhere. */
  same: readonly string[];
  /** Id of the Secret that it comes from, `cluster/shop/db`. */
  secret: string | undefined;
  /** Fingerprint of a password that is written in plain text. */
  written: string | undefined;
}

/** Names of what lets its holder sign in. */
const opening = /pass(word|wd|phrase)?(?![a-z])|pwd|secret|token|credential|auth(?!or)|(dsn|uri|url)$/i;

/** Keys of one Secret that are told apart. */
const MOST_KEYS = 50;

/** Every password in the environment of a workload's containers, or in a Secret that they mount, by workload. */
export function heldPasswords(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<Workload, Held[]> {
  const contents = new Map(
    objects.flatMap((object) => {
      const { kind, apiVersion, cluster, namespace, name } = object;
      return kind === 'Secret' && apiVersion === 'v1' ? [[`${cluster}/${namespace}/${name}`, contentOf(object)]] : [];
    }),
  );
  const written = writtenBy(objects);
  return new Map(
    workloads.map((workload) => [
      workload,
      [
        ...workload.containers.flatMap((container) => fromSecrets(workload, container, contents)),
        ...(written.get(workload.id) ?? []).flatMap((secret) => fromText(workload, secret)),
      ],
    ]),
  );
}

/** Fingerprints of what stands under the keys of a Secret that let somebody sign in; empty where nothing stands there. */
type Content = ReadonlyMap<string, string>;

function contentOf(object: ManifestObject): Content {
  const known = contentsOf.get(object);
  if (known !== undefined) return known;
  const keys = ['data', 'stringData'].flatMap((field) => Object.keys((object.object[field] ?? {}) as object));
  const texts = new Map(writtenKeysOf(object).map(({ key, text }) => [key, text]));
  const opens = keys.filter((key) => opening.test(key)).slice(0, MOST_KEYS);
  const content = new Map(
    opens.map((key) => {
      const text = texts.get(key);
      return [key, text === undefined ? '' : fingerprintOf(text.trim())];
    }),
  );
  contentsOf.set(object, content);
  return content;
}

/** What was read of Secrets before: the graph of an estate is made many times, and its objects stay. */
const contentsOf = new WeakMap<ManifestObject, Content>();

function fromText(workload: Workload, { name, fingerprint, place }: WrittenSecret): Held[] {
  if (!opening.test(name)) return [];
  const inside = workload.containers.find(({ pointer }) => pointer.every((step, at) => step === place.pointer?.[at]));
  const marks = [printMark(workload.cluster, fingerprint)];
  return [{ workload, container: inside?.name, name, marks, same: marks, secret: undefined, written: fingerprint }];
}

/** Environment variables and mounted Secrets of one container. */
function fromSecrets(workload: Workload, container: Container, contents: ReadonlyMap<string, Content>): Held[] {
  const { cluster, namespace, volumes } = workload;
  const idOf = (secret: string): string => `${cluster}/${namespace}/${secret}`;
  const base = { workload, container: container.name, written: undefined };
  const holdsKey = (secret: string, key: string, name: string): Held => {
    const id = idOf(secret);
    const print = contents.get(id)?.get(key) ?? '';
    const prints = print === '' ? [] : [printMark(cluster, print)];
    const own = `key ${id}/${key}`;
    return { ...base, name, marks: [own, `some ${id}`, ...prints], same: [own, `all ${id}`, ...prints], secret: id };
  };
  const holdsAll = (secret: string): Held[] => {
    const id = idOf(secret);
    const content = contents.get(id);
    if (content !== undefined) return [...content.keys()].map((key) => holdsKey(secret, key, key));
    return [{ ...base, name: secret, marks: [`all ${id}`, `some ${id}`], same: [`some ${id}`], secret: id }];
  };
  const mounted = new Set(container.mounts.map(({ volume }) => volume));
  return [
    ...container.environment.flatMap(({ name, from }) => {
      const [family, secret = '', key] = (from ?? '').split('/');
      if (family !== 'secret' || secret === '') return [];
      if (key === undefined) return holdsAll(secret);
      return opening.test(name) ? [holdsKey(secret, key, name)] : [];
    }),
    ...volumes.flatMap(({ kind, name, from = '' }) =>
      kind === 'secret' && from !== '' && mounted.has(name) ? holdsAll(from) : [],
    ),
  ];
}

const printMark = (cluster: string, fingerprint: string): string => `print ${cluster}/${fingerprint}`;

/** Passwords in plain text in the environments and command lines of workloads, by workload. */
function writtenBy(objects: readonly ManifestObject[]): Map<string, WrittenSecret[]> {
  const found = new Map<string, WrittenSecret[]>();
  for (const object of objects) {
    const { cluster, namespace, kind, name } = object;
    const own = writtenSecretsIn(object).filter(({ where }) => where === 'environment' || where === 'argument');
    if (own.length > 0) found.set(`${cluster}/${namespace}/${kind}/${name}`, own);
  }
  return found;
}
