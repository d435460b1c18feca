import type { Json, JsonObject, ManifestObject, Place, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';

/** A text that a workload is configured by. */
export interface ConfigurationText {
  text: string;
  /** "its environment", "its arguments", "ConfigMap settings". */
  where: string;
  /** A whole file: only what is written as hosts are counts, as any word may be in it. */
  file: boolean;
  place: Place | undefined;
}

/** Contents of ConfigMaps and Secrets, by `cluster/namespace/Kind/name` and key. */
export class Configurations {
  readonly #objects = new Map<string, { data: Map<string, string>; place: Place }>();

  constructor(objects: readonly ManifestObject[]) {
    for (const { kind, cluster, namespace, name, object, place } of objects) {
      if (kind !== 'ConfigMap' && kind !== 'Secret') continue;
      const data = new Map(labelsOf(fieldOf(object, kind === 'Secret' ? 'stringData' : 'data')));
      if (kind === 'Secret')
        for (const [key, encoded] of labelsOf(fieldOf(object, 'data'))) data.set(key, decoded(encoded));
      this.#objects.set(`${cluster}/${namespace}/${kind}/${name}`, { data, place });
    }
  }

  /** The texts of one, or of one key of it; none where it is not among the manifests. */
  of(workload: Workload, kind: 'ConfigMap' | 'Secret', name: string, key?: string): { text: string; place: Place }[] {
    const found = this.#objects.get(`${workload.cluster}/${workload.namespace}/${kind}/${name}`);
    if (found === undefined) return [];
    const texts = key === undefined ? [...found.data.values()] : [found.data.get(key) ?? ''];
    return texts.map((text) => ({ text, place: found.place }));
  }
}

/** Base64 as an API server holds it; empty where it is none. */
function decoded(encoded: string): string {
  try {
    return atob(encoded);
  } catch {
    return '';
  }
}

/** Every text that configures a workload, from its pod spec and from what that names. */
export function textsOfWorkload(
  workload: Workload,
  spec: JsonObject,
  configurations: Configurations,
): ConfigurationText[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key) =>
    objectsOf(fieldOf(spec, key)),
  );
  const place = workload.definitions[0];
  return [
    ...containers.flatMap((container) => [
      ...texts([...textsOf(fieldOf(container, 'command')), ...textsOf(fieldOf(container, 'args'))], 'its arguments'),
      ...environmentOf(container, workload, configurations),
    ]),
    ...filesOf(spec, workload, configurations),
  ].map((text) => ({ place, ...text }));
}

type Unplaced = Omit<ConfigurationText, 'place'> & { place?: Place };

function texts(list: readonly string[], where: string): Unplaced[] {
  return list.map((text) => ({ text, where, file: false }));
}

function environmentOf(container: JsonObject, workload: Workload, configurations: Configurations): Unplaced[] {
  const from = (kind: 'ConfigMap' | 'Secret', reference: Json | undefined): Unplaced[] => {
    const name = textOf(fieldOf(reference as JsonObject | undefined, 'name'));
    const key = textOf(fieldOf(reference as JsonObject | undefined, 'key'));
    if (name === undefined) return [];
    return configurations.of(workload, kind, name, key).map((found) => ({
      ...found,
      where: `${kind} ${name}`,
      file: found.text.includes('\n'),
    }));
  };
  return [
    ...objectsOf(fieldOf(container, 'env')).flatMap((variable) => [
      ...texts([textOf(fieldOf(variable, 'value')) ?? ''], 'its environment'),
      ...from('ConfigMap', fieldAt(variable, 'valueFrom', 'configMapKeyRef')),
      ...from('Secret', fieldAt(variable, 'valueFrom', 'secretKeyRef')),
    ]),
    ...objectsOf(fieldOf(container, 'envFrom')).flatMap((source) => [
      ...from('ConfigMap', fieldOf(source, 'configMapRef')),
      ...from('Secret', fieldOf(source, 'secretRef')),
    ]),
  ];
}

function filesOf(spec: JsonObject, workload: Workload, configurations: Configurations): Unplaced[] {
  const volumes = objectsOf(fieldOf(spec, 'volumes'));
  const sources = [...volumes, ...volumes.flatMap((volume) => objectsOf(fieldAt(volume, 'projected', 'sources')))];
  return sources.flatMap((source) => {
    const secret = fieldAt(source, 'secret', 'secretName') ?? fieldAt(source, 'secret', 'name');
    const named = [
      ['ConfigMap', textOf(fieldAt(source, 'configMap', 'name'))],
      ['Secret', textOf(secret)],
    ] as const;
    return named.flatMap(([kind, name]) =>
      name === undefined
        ? []
        : configurations.of(workload, kind, name).map((found) => ({ ...found, where: `${kind} ${name}`, file: true })),
    );
  });
}
