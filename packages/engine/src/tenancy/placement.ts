import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf } from '../json/index.ts';
import { addBit, type Bits, emptyBits, meet } from '../network/bits.ts';
import type { PodTemplate } from './pods.ts';
import { isMet, mayCoincide, type NodeChoice, nodeChoiceOf } from './requirements.ts';

/** Pods that may land on the same nodes. */
interface PlacementClass {
  choice: NodeChoice;
  /** Nodes in view that take them. */
  nodes: Bits | undefined;
}

/**
 * Which workloads may meet on a node. Where Nodes are in view they decide, by their labels and taints; else what pods ask
 * of their nodes does, and pods meet unless they ask for what no node can be at once. That pods avoid each other
 * (`podAntiAffinity`) is not counted: the scheduler forgets it once they run.
 */
export class Placements {
  /** By workload: the number of its class. */
  readonly classOf: readonly number[];
  /** Whether Nodes were in view. */
  readonly known: boolean;
  readonly #classes: PlacementClass[] = [];
  readonly #met = new Map<number, boolean>();

  constructor(objects: readonly ManifestObject[], templates: readonly PodTemplate[]) {
    const nodes = objects.filter(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1');
    const runtimes = new Map(
      objects.filter(({ kind }) => kind === 'RuntimeClass').map(({ name, object }) => [name, object] as const),
    );
    this.known = nodes.length > 0;
    const numbers = new Map<string, number>();
    this.classOf = templates.map(({ spec }) => {
      const runtime = runtimes.get(textOf(fieldOf(spec, 'runtimeClassName')) ?? '');
      const choice = nodeChoiceOf(spec, labelsOf(fieldAt(runtime, 'scheduling', 'nodeSelector')));
      const tolerations = [
        ...objectsOf(fieldOf(spec, 'tolerations')),
        ...objectsOf(fieldAt(runtime, 'scheduling', 'tolerations')),
      ];
      const key = JSON.stringify([choice, this.known ? tolerations : []]);
      let number = numbers.get(key);
      if (number === undefined) {
        const taken = this.known ? nodesFor(nodes, choice, tolerations) : undefined;
        number = this.#classes.push({ choice, nodes: taken }) - 1;
        numbers.set(key, number);
      }
      return number;
    });
  }

  /** Whether pods of two classes may run on one node. */
  mayMeet(a: number, b: number): boolean {
    const key = Math.min(a, b) * this.#classes.length + Math.max(a, b);
    let met = this.#met.get(key);
    if (met === undefined) {
      const [one, other] = [this.#classes[a]!, this.#classes[b]!];
      met =
        one.nodes !== undefined && other.nodes !== undefined
          ? meet(one.nodes, other.nodes)
          : mayCoincide(one.choice, other.choice);
      this.#met.set(key, met);
    }
    return met;
  }

  get classCount(): number {
    return this.#classes.length;
  }
}

function nodesFor(nodes: readonly ManifestObject[], choice: NodeChoice, tolerations: readonly JsonObject[]): Bits {
  const bits = emptyBits(nodes.length);
  for (const [number, { name, object }] of nodes.entries()) {
    const labels = new Map([...labelsOf(fieldAt(object, 'metadata', 'labels')), ['metadata.name', name] as const]);
    const taints = objectsOf(fieldAt(object, 'spec', 'taints'));
    if (isMet(choice, labels) && taints.every((taint) => isTolerated(taint, tolerations))) addBit(bits, number);
  }
  return bits;
}

function isTolerated(taint: JsonObject, tolerations: readonly JsonObject[]): boolean {
  const effect = textOf(fieldOf(taint, 'effect'));
  const key = textOf(fieldOf(taint, 'key')) ?? '';
  /* Taints of Kubernetes itself tell of the moment: not ready, under pressure, closed for maintenance. */
  if (effect === 'PreferNoSchedule' || key.startsWith('node.kubernetes.io/')) return true;
  return tolerations.some((toleration) => {
    const [wanted, operator, value] = ['key', 'operator', 'value'].map((field) => textOf(fieldOf(toleration, field)));
    const about = textOf(fieldOf(toleration, 'effect')) ?? '';
    if (about !== '' && about !== effect) return false;
    if ((wanted ?? '') === '') return operator === 'Exists';
    if (wanted !== key) return false;
    return operator === 'Exists' || (value ?? '') === (textOf(fieldOf(taint, 'value')) ?? '');
  });
}
