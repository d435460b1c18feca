import { resourceOf, type ServedKind, servedKind } from '@breakwater/engine/inventory';
import type { AdmissionBasis, WatchedKind } from './basis.ts';
import type { AdmissionSettings } from './settings.ts';

/** Where the API server finds us. */
export type ClientConfig =
  | { url: string; caBundle?: string }
  | { service: { namespace: string; name: string; path: string; port: number }; caBundle?: string };

/** One rule of a webhook: which requests it is asked about. */
export interface WebhookRule {
  operations: string[];
  apiGroups: string[];
  apiVersions: string[];
  resources: string[];
  scope: '*';
}

/** A `ValidatingWebhookConfiguration` of admissionregistration.k8s.io/v1. */
export interface WebhookConfiguration {
  apiVersion: 'admissionregistration.k8s.io/v1';
  kind: 'ValidatingWebhookConfiguration';
  metadata: { name: string };
  webhooks: object[];
}

/** Of the webhook inside its configuration: what denials and audit annotations begin with. */
export const WEBHOOK_NAME = 'admission.breakwater.dev';

/** Most rules are about writing; these groups change too often to be asked about where a policy looks at everything. */
const NOISE =
  "!(request.resource.group == 'coordination.k8s.io') && !(request.resource.resource in ['events', 'endpoints', 'endpointslices'])";

/**
 * The configuration that makes an API server ask us: only about kinds that policies in force look at, never about the
 * namespaces that are excluded, never for longer than 3 s.
 */
export function webhookConfiguration(
  name: string,
  basis: Pick<AdmissionBasis, 'watched'>,
  settings: Pick<AdmissionSettings, 'excludedNamespaces' | 'failure'>,
  clientConfig: ClientConfig,
): WebhookConfiguration {
  const all = basis.watched.some(({ kind }) => kind === '*');
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: WEBHOOK_NAME,
        admissionReviewVersions: ['v1'],
        clientConfig,
        failurePolicy: settings.failure === 'fail' ? 'Fail' : 'Ignore',
        matchPolicy: 'Equivalent',
        sideEffects: 'None',
        timeoutSeconds: 3,
        namespaceSelector: {
          matchExpressions: [
            { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [...settings.excludedNamespaces].sort() },
          ],
        },
        matchConditions: [
          {
            name: 'not-by-nodes',
            expression: "!has(request.userInfo.groups) || !('system:nodes' in request.userInfo.groups)",
          },
          ...(all ? [{ name: 'not-noise', expression: NOISE }] : []),
        ],
        rules: webhookRules(basis.watched),
      },
    ],
  };
}

/** The rules for the kinds that policies look at: those of one group, version and set of operations in one rule. */
export function webhookRules(watched: readonly WatchedKind[]): WebhookRule[] {
  const everything = watched.find(({ kind }) => kind === '*');
  const rest = watched.filter(({ kind, operations }) => kind !== '*' && !isWithin(operations, kind, everything));
  const rules = rest.flatMap((each) =>
    servedAt(each).map(({ group, version, resources }) => ({ group, version, resources, operations: each.operations })),
  );
  if (everything) rules.unshift({ group: '*', version: '*', resources: ['*'], operations: everything.operations });
  const alike = Map.groupBy(rules, ({ group, version, operations }) => JSON.stringify([group, version, operations]));
  return [...alike.values()].map((own) => ({
    operations: [...own[0]!.operations],
    apiGroups: [own[0]!.group],
    apiVersions: [own[0]!.version],
    resources: [...new Set(own.flatMap(({ resources }) => resources))].sort(),
    scope: '*',
  }));
}

/** `*` covers resources, not what is below them. */
function isWithin(operations: readonly string[], kind: string, everything: WatchedKind | undefined): boolean {
  if (everything === undefined) return false;
  const below = servedKind(kind)?.resources.some((resource) => resource.includes('/')) === true;
  return !below && operations.every((operation) => (everything.operations as readonly string[]).includes(operation));
}

/** Of a kind that we do not know the plural is taken as English has it; in its group where policies name one. */
function servedAt({ kind, groups }: WatchedKind): Pick<ServedKind, 'group' | 'version' | 'resources'>[] {
  const known = servedKind(kind);
  if (known !== undefined && (groups.length === 0 || groups.includes(known.group))) return [known];
  const resources = [resourceOf(kind)];
  return (groups.length === 0 ? ['*'] : groups).map((group) => ({ group, version: '*', resources }));
}
