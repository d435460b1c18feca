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
  /** What it has in common with the same password elsewhere: a key of a Secret, or a fingerprint of its text. */
  marks: readonly string[];
  /** Id of the Secret that it comes from, `cluster/shop/db`. */
  secret: string | undefined;
  /** Fingerprint of a password that is written in plain text. */
  written: string | undefined;
}

/** Names of what lets its holder sign in. */
const opening = /pass(word|wd|phrase)?(?![a-z])|pwd|secret|token|credential|auth(?!or)|(dsn|uri|url)$/i;

/** Every password in the environment of a workload's containers, or in a Secret that they mount, by workload. */
export function heldPasswords(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<Workload, Held[]> {
  const contents = new Contents(objects);
  const written = writtenBy(objects);
  return new Map(
    workloads.map((workload) => [
      workload,
      [
        ...workload.containers.flatMap((container) => fromSecrets(workload, container, contents)),
        ...(written.get(workload.id) ?? []).map(({ name, fingerprint, place }) => ({
          workload,
          container: workload.containers.find(({ pointer }) =>
            pointer.every((step, at) => step === place.pointer?.[at]),
          )?.name,
          name,
          marks: [printMark(workload.cluster, fingerprint)],
          secret: undefined,
          written: fingerprint,
        })),
      ].filter(({ name }) => opening.test(name)),
    ]),
  );
}

/** Environment variables and mounted Secrets of one container. */
function fromSecrets(workload: Workload, container: Container, contents: Contents): Held[] {
  const { cluster, namespace, volumes } = workload;
  const holds = (secret: string, key: string | undefined, name: string): Held[] => {
    const id = `${cluster}/${namespace}/${secret}`;
    const keys = key === undefined ? contents.keysOf(id) : [key];
    const as = (each: string, called: string): Held => ({
      workload,
      container: container.name,
      name: called,
      marks: [`key ${id}/${each}`, ...contents.printsOf(id, each).map((print) => printMark(cluster, print))],
      secret: id,
      written: undefined,
    });
    return keys.map((each) => as(each, key === undefined ? each : name));
  };
  const mounted = new Set(container.mounts.map(({ volume }) => volume));
  return [
    ...container.environment.flatMap(({ name, from }) => {
      const [family, secret = '', key] = (from ?? '').split('/');
      return family === 'secret' && secret !== '' ? holds(secret, key, name) : [];
    }),
    ...volumes.flatMap(({ kind, name, from = '' }) =>
      kind === 'secret' && from !== '' && mounted.has(name) ? holds(from, undefined, from) : [],
    ),
  ];
}

const printMark = (cluster: string, fingerprint: string): string => `print ${cluster}/${fingerprint}`;

/** What Secrets among the manifests hold: their keys, and fingerprints of what stands there. */
class Contents {
  readonly #prints = new Map<string, Map<string, string>>();

  constructor(objects: readonly ManifestObject[]) {
    for (const object of objects) {
      if (object.kind !== 'Secret' || object.apiVersion !== 'v1') continue;
      const keys = ['data', 'stringData'].flatMap((field) => Object.keys((object.object[field] ?? {}) as object));
      const texts = new Map(writtenKeysOf(object).map(({ key, text }) => [key, fingerprintOf(text.trim())]));
      const id = `${object.cluster}/${object.namespace}/${object.name}`;
      this.#prints.set(id, new Map(keys.map((key) => [key, texts.get(key) ?? ''])));
    }
  }

  /** Its keys; of a Secret that is not among the manifests, one for all. */
  keysOf(id: string): string[] {
    const own = this.#prints.get(id);
    return own === undefined ? ['*'] : [...own.keys()];
  }

  printsOf(id: string, key: string): string[] {
    const print = this.#prints.get(id)?.get(key) ?? '';
    return print === '' ? [] : [print];
  }
}

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
