import type { ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, labelsOf } from '../../json/index.ts';
import { type RiskSettings, type Stage, settingReason } from './settings.ts';

/** Label or annotation by which an owner gives an object its points. */
const valueLabel = 'breakwater.dev/value';

/** Keys under which people write what a namespace or workload is for. */
const stageKeys = [
  'breakwater.dev/stage',
  'environment',
  'env',
  'stage',
  'app.kubernetes.io/environment',
  'app.kubernetes.io/stage',
  'deployment-environment',
];

const production = /(^|[-_.])(prod|production|prd|live)($|[-_.0-9])/i;
const development =
  /(^|[-_.])(dev|devel|development|test|testing|tests|qa|ci|staging|stage|stg|sandbox|preview|playground|demo)($|[-_.0-9])/i;

/** Points, and why. */
export interface Value {
  value: number;
  reason: string;
}

type Labels = ReadonlyMap<string, string>;

/** What namespaces are for and what objects are worth. */
export class Values {
  readonly #settings: RiskSettings;
  readonly #namespaces = new Map<string, Labels>();

  constructor(settings: RiskSettings, objects: readonly ManifestObject[]) {
    this.#settings = settings;
    for (const object of objects)
      if (object.kind === 'Namespace' && object.apiVersion === 'v1') {
        const key = `${object.cluster}/${object.name}`;
        this.#namespaces.set(key, new Map([...(this.#namespaces.get(key) ?? []), ...marksOf(object)]));
      }
  }

  /** Labels and annotations of a namespace together. */
  namespaceMarks(cluster: string, namespace: string): Labels {
    return this.#namespaces.get(`${cluster}/${namespace}`) ?? new Map();
  }

  workload(workload: Workload): Value {
    const marks = new Map([...Object.entries(workload.annotations), ...Object.entries(workload.labels)]);
    const own = ownValue(marks);
    if (own !== undefined) return own;
    const { stage, reason } = this.stage(workload, marks);
    const numbers = this.#settings.numbers;
    if (stage === 'production') return { value: numbers.valueProduction, reason };
    if (stage === 'development') return { value: numbers.valueDevelopment, reason };
    return { value: numbers.valueUnknown, reason: settingReason('valueUnknown') };
  }

  /** The owner's setting first, then the workload's marks, the namespace's, and the namespace's name. */
  stage({ cluster, namespace }: Workload, marks: Labels): { stage: Stage; reason: string } {
    const stages = this.#settings.stages;
    const set = [`${cluster}/${namespace}`, namespace].find((key) => Object.hasOwn(stages, key));
    if (set !== undefined) return { stage: stages[set]!, reason: `${namespace} is set as ${stages[set]}` };
    for (const [source, labels] of [
      ['workload', marks],
      ['namespace', this.namespaceMarks(cluster, namespace)],
    ] as const)
      for (const key of stageKeys) {
        const stage = stageOf(labels.get(key));
        if (stage !== 'unknown') return { stage, reason: `its ${source} is marked ${key}: ${labels.get(key)}` };
      }
    const stage = stageOf(namespace);
    return { stage, reason: `its namespace is called ${namespace}` };
  }
}

function stageOf(word: string | undefined): Stage {
  if (word === undefined) return 'unknown';
  if (development.test(word) || /^non-?prod/i.test(word)) return 'development';
  return production.test(word) ? 'production' : 'unknown';
}

/** Labels above annotations. */
export function marksOf(object: ManifestObject): Labels {
  const [labels, annotations] = ['labels', 'annotations'].map((field) =>
    labelsOf(fieldAt(object.object, 'metadata', field)),
  );
  return new Map([...annotations!, ...labels!]);
}

/** The points that an owner wrote on an object. */
export function ownValue(marks: Labels): Value | undefined {
  const text = marks.get(valueLabel);
  if (text === undefined || !/^[0-9]{1,6}(\.[0-9]{1,3})?$/.test(text)) return undefined;
  return { value: Number(text), reason: `its ${valueLabel} says so` };
}
