import { z } from 'zod';
import { askFor } from '../kubernetes/ask-cluster.ts';
import type { ClusterApi } from '../response.ts';

/** A policy that goes on allowing a pod something. */
export interface OpenPolicy {
  name: string;
  directions: ('incoming' | 'outgoing')[];
}

const Selector = z.object({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});
const Policies = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        podSelector: Selector.default({ matchLabels: {}, matchExpressions: [] }),
        ingress: z.array(z.unknown()).default([]),
        egress: z.array(z.unknown()).default([]),
      }),
    }),
  ),
});

/** NetworkPolicies of a namespace that select pods of these labels and allow them something. */
export async function policiesThatStay(
  cluster: ClusterApi,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<OpenPolicy[]> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  const { items } = await askFor(cluster, Policies, 'GET', path);
  return items.flatMap(({ metadata, spec }) => {
    const directions: OpenPolicy['directions'] = [
      ...(spec.ingress.length > 0 ? (['incoming'] as const) : []),
      ...(spec.egress.length > 0 ? (['outgoing'] as const) : []),
    ];
    return directions.length > 0 && selects(spec.podSelector, labels) ? [{ name: metadata.name, directions }] : [];
  });
}

/** Selectors of labels, as Kubernetes has them; an operator that is not known counts as one that selects. */
function selects(
  { matchLabels, matchExpressions }: z.infer<typeof Selector>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const labelOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(key) === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = labelOf(key);
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      if (operator === 'Exists') return value !== undefined;
      return operator === 'DoesNotExist' ? value === undefined : true;
    })
  );
}
