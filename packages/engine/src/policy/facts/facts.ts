import type { Exposure, Image, JsonObject, Place } from '@breakwater/model';
import { CelUnknown, type CostBudget, Failure, type Value } from '../cel/index.ts';
import { parseTimestamp } from '../cel/time.ts';
import type { Controller } from '../controllers.ts';
import { type ClusterFactName, isEstateSource, type Surroundings } from './estate-source.ts';
import { withoutNulls } from './prune.ts';
import type { VulnerabilityFact } from './vulnerability.ts';
import { containersOf, type Element, podSpecOf, workloadOf } from './workload.ts';

/** What is judged, with the facts at hand. A fact that is left out is unknown, not false. */
export interface PolicySubject {
  /** Workload id, image id or image reference. */
  id: string;
  /** Where it stands; results point inside it. */
  place?: Place;
  /** Namespace of the object where it names none itself. */
  namespace?: string;
  /** A Kubernetes object as written. */
  object?: JsonObject;
  image?: Image;
  vulnerabilities?: readonly VulnerabilityFact[];
  /** Ways in from outside the cluster. */
  exposure?: readonly Exposure[];
  /** What made it, where the caller has seen that; else its own word counts, as far as it may be taken. */
  controllers?: readonly Controller[];
  /**
   * Any other fact of `FACT_NAMES`. Of an admission request, in the shapes that ValidatingAdmissionPolicy gives them:
   * `request`, `oldObject` (null where there is none), `namespaceObject`, `params`, `authorizer` (an `Authorizer`).
   * What is known of the surroundings: `identity`, `estate` (an `EstateSource`, which tells `grants`, `exposure`,
   * `network`, `permissions` and `tenancy` too, or objects by kind), `grants`. Also `containers` and `workload`, for what is no Kubernetes object.
   */
  facts?: Readonly<Record<string, unknown>>;
}

/** Every fact that policies may use; `variables`, and `c`, `v`, `item` and `key` of the element they are at, come beside. */
export const FACT_NAMES = [
  'object',
  'oldObject',
  'request',
  'namespaceObject',
  'params',
  'authorizer',
  'workload',
  'containers',
  'image',
  'vulnerabilities',
  'exposure',
  'network',
  'permissions',
  'tenancy',
  'identity',
  'estate',
  'grants',
  'process',
  'event',
  'profile',
  'now',
] as const;

/** Facts that policies may be written and tested for, and that no caller supplies yet: what needs one stays unknown. */
export const UNSUPPLIED_FACTS = ['profile'] as const;

/** Facts that a caller supplies as they are, or leaves out. */
const SUPPLIED_FACTS = [
  'oldObject',
  'request',
  'namespaceObject',
  'params',
  'authorizer',
  'identity',
  'process',
  'event',
  ...UNSUPPLIED_FACTS,
] as const;

/** Parts of an object that runs something. */
export interface Written {
  object: JsonObject;
  /** The pod spec. */
  pod: Readonly<Record<string, unknown>>;
  /** What holds it beside the pod's metadata. */
  template: Readonly<Record<string, unknown>>;
}

const givenContainer = (value: Record<string, unknown>): Element => ({
  value,
  name: String(value['name']),
  pointer: [],
});

/** A subject's facts as bindings for expressions: what is derived is derived once, when the first policy asks. */
export class Facts {
  [name: string]: unknown;
  /** The element that a rule with `each` is at. */
  c: unknown;
  v: unknown;
  item: unknown;
  key: unknown;
  /** Named expressions of the policy that is judged. */
  variables: unknown;
  /** What policies in other languages make of the subject, once for all of them: kept here, so that it goes with it. */
  foreign: unknown;
  /** What its expressions may still cost. */
  budget: CostBudget | undefined;
  readonly vulnerabilities: unknown;
  readonly image: unknown;
  readonly #subject: PolicySubject;
  readonly #time: string;
  readonly #isDeleted: boolean;
  #object: JsonObject | undefined;
  #containers: Element[] | Failure | undefined;
  #workload: Value | undefined;
  #written: Written | null | undefined;
  #around: Surroundings | undefined;
  #estate: unknown;
  #grants: unknown;
  readonly #cluster: Partial<Record<ClusterFactName, unknown>> = {};

  constructor(subject: PolicySubject, now: string) {
    this.#subject = subject;
    const { containers, workload, request } = subject.facts ?? {};
    for (const name of SUPPLIED_FACTS) this[name] = subject.facts?.[name];
    this.#isDeleted = (request as { operation?: unknown } | undefined)?.operation === 'DELETE';
    if (Array.isArray(containers)) this.#containers = containers.map(givenContainer);
    this.#workload = workload as Value | undefined;
    this.vulnerabilities = subject.vulnerabilities;
    this.image = subject.image;
    this.#time = now;
  }

  get now(): Value {
    return parseTimestamp(this.#time);
  }

  /** Null of what is deleted, as an API server has it. */
  get object(): JsonObject | null | undefined {
    this.#object ??= withoutNulls(this.#subject.object);
    return this.#object ?? (this.#isDeleted ? null : undefined);
  }

  /** What the facts on what runs are of: of a deletion, what goes. */
  #running(): JsonObject | undefined {
    const { object } = this;
    if (object || !this.#isDeleted) return object ?? undefined;
    return withoutNulls((this['oldObject'] ?? undefined) as JsonObject | undefined);
  }

  /** What `workload` and `containers` are read from; undefined where they are supplied, or there is no pod spec. */
  get written(): Written | undefined {
    const { containers, workload } = this.#subject.facts ?? {};
    if (containers !== undefined || workload !== undefined) return undefined;
    if (this.#written === undefined) {
      const object = this.#running();
      const pod = object && podSpecOf(object);
      this.#written =
        pod === undefined ? null : { object: object as JsonObject, pod: pod.spec, template: pod.template };
    }
    return this.#written ?? undefined;
  }

  get workload(): Value | undefined {
    if (this.#workload !== undefined) return this.#workload;
    const object = this.#running();
    this.#workload = object ? workloadOf(object) : undefined;
    return this.#workload;
  }

  /** As supplied, or what an `EstateSource` tells of the object. */
  get estate(): unknown {
    const { estate } = this.#subject.facts ?? {};
    if (!isEstateSource(estate)) return estate;
    this.#estate ??= this.#surroundings()?.view;
    return this.#estate;
  }

  /** As supplied, or what an `EstateSource` tells of the object. */
  get grants(): unknown {
    const { estate, grants } = this.#subject.facts ?? {};
    if (grants !== undefined || !isEstateSource(estate)) return grants;
    this.#grants ??= this.#surroundings()?.grants;
    return this.#grants;
  }

  get exposure(): unknown {
    return this.#subject.exposure ?? this.#clusterFact('exposure');
  }

  get network(): unknown {
    return this.#clusterFact('network');
  }

  get permissions(): unknown {
    return this.#clusterFact('permissions');
  }

  get tenancy(): unknown {
    return this.#clusterFact('tenancy');
  }

  /** As supplied, or what an `EstateSource` tells of the object. */
  #clusterFact(name: ClusterFactName): unknown {
    const { estate, [name]: supplied } = this.#subject.facts ?? {};
    if (supplied !== undefined || !isEstateSource(estate)) return supplied;
    this.#cluster[name] ??= this.#surroundings()?.fact(name);
    return this.#cluster[name];
  }

  #surroundings(): Surroundings | undefined {
    const { estate } = this.#subject.facts ?? {};
    if (this.#around === undefined && isEstateSource(estate))
      this.#around = estate.around({ object: this.#running(), namespace: this.#subject.namespace });
    return this.#around;
  }

  get containers(): unknown {
    const elements = this.elements('containers');
    return elements instanceof Failure ? elements : elements.map((element) => element.value);
  }

  /** What `each` goes through. */
  elements(list: 'containers' | 'vulnerabilities'): readonly Element[] | Failure {
    if (list === 'containers') {
      if (this.#containers !== undefined) return this.#containers;
      const object = this.#running();
      this.#containers = object ? containersOf(object) : new CelUnknown(['containers']);
      return this.#containers;
    }
    const { vulnerabilities } = this.#subject;
    if (vulnerabilities === undefined) return new CelUnknown(['vulnerabilities']);
    return vulnerabilities.map((fact) => ({
      value: fact as unknown as Record<string, unknown>,
      name: `${fact.id} in ${fact.component} ${fact.version}`,
      pointer: [],
    }));
  }
}
