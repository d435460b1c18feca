import type { ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, labelsOf } from '../json/index.ts';
import { type AddressSpan, parseCidr, subtractSpans } from '../network/address.ts';
import type { Connectivity, Stranger } from '../network/connectivity/index.ts';
import type { Block, FlowEnd } from './flow.ts';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
/** A namespace of which nothing is known. */
const SOMEWHERE = '{any namespace}';

/** Pods that flows speak of and that no manifest holds, as ends that connectivity can be asked about. */
export class FlowEnds {
  readonly strangers: readonly Stranger[];
  /** By what is asked, and of whom. */
  readonly #known = new WeakMap<Connectivity, Map<string, readonly number[]>>();

  constructor(objects: readonly ManifestObject[], ends: readonly FlowEnd[]) {
    const known = new Map(
      objects
        .filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1')
        .map(({ name, object }) => [name, labelsOf(fieldAt(object, 'metadata', 'labels'))]),
    );
    const strangers = new Map<string, Stranger>();
    const anybody: FlowEnd = { kind: 'pods', labels: {} };
    for (const end of [...ends, anybody])
      if (end.kind === 'pods')
        for (const namespace of end.namespaces ?? [SOMEWHERE]) {
          const name = nameOf(namespace, end.labels);
          strangers.set(name, {
            name,
            namespaceLabels: new Map([...(known.get(namespace) ?? []), [NAMESPACE_NAME, namespace]]),
            podLabels: new Map(Object.entries(end.labels)),
          });
        }
    this.strangers = [...strangers.values()];
  }

  /** Numbers of all that an end stands for. */
  numbersOf(end: FlowEnd, reach: Connectivity, positions: ReadonlyMap<string, number>): readonly number[] {
    if (end.kind === 'workload') return [reach.classOf[positions.get(end.id)!]!];
    let known = this.#known.get(reach);
    if (known === undefined) {
      known = new Map();
      this.#known.set(reach, known);
    }
    const key = JSON.stringify(end);
    let found = known.get(key);
    if (found === undefined) {
      found = numbersOutside(end, reach);
      known.set(key, found);
    }
    return found;
  }
}

function numbersOutside(end: Exclude<FlowEnd, { kind: 'workload' }>, reach: Connectivity): number[] {
  switch (end.kind) {
    case 'pods': {
      const names = new Set((end.namespaces ?? [SOMEWHERE]).map((namespace) => nameOf(namespace, end.labels)));
      return numbers(reach, (one) => one.kind === 'stranger' && names.has(one.stranger.name));
    }
    case 'addresses': {
      const spans = end.blocks.flatMap(spansOf);
      return numbers(reach, (one) => one.kind === 'external' && one.range.spans.some((span) => overlaps(span, spans)));
    }
    case 'anyone':
      return numbers(
        reach,
        (one) =>
          (one.kind === 'external' && one.range.spans.length > 0) ||
          (one.kind === 'stranger' && one.stranger.name === nameOf(SOMEWHERE, {})),
      );
  }
}

function nameOf(namespace: string, labels: Readonly<Record<string, string>>): string {
  return `${namespace}/${JSON.stringify(labels)}`;
}

function numbers(reach: Connectivity, is: (end: Connectivity['endpoints'][number]) => boolean): number[] {
  return [...reach.endpoints.keys()].filter((number) => is(reach.endpoints[number]!));
}

function spansOf({ cidr, except }: Block): AddressSpan[] {
  const span = parseCidr(cidr);
  if (span === undefined) return [];
  return subtractSpans(
    span,
    (except ?? []).flatMap((one) => parseCidr(one) ?? []),
  );
}

function overlaps(span: AddressSpan, others: readonly AddressSpan[]): boolean {
  return others.some(({ family, first, last }) => family === span.family && first <= span.last && span.first <= last);
}

/** Positions of workloads by id. */
export function positionsOf(workloads: readonly Workload[]): ReadonlyMap<string, number> {
  return new Map(workloads.map(({ id }, position) => [id, position]));
}
