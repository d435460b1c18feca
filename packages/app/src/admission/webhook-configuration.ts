import type { AdmissionBasis, WatchedKind } from './basis.ts';
import type { AdmissionSettings } from './settings.ts';
import { webhookRules } from './webhook-rules.ts';

/** Where the API server finds us. */
export type ClientConfig =
  | { url: string; caBundle?: string }
  | { service: { namespace: string; name: string; path: string; port: number }; caBundle?: string };

/** A `ValidatingWebhookConfiguration` of admissionregistration.k8s.io/v1. */
export interface WebhookConfiguration {
  apiVersion: 'admissionregistration.k8s.io/v1';
  kind: 'ValidatingWebhookConfiguration';
  metadata: { name: string };
  webhooks: object[];
}

/** Of the webhook inside its configuration: what denials and audit annotations begin with. */
export const WEBHOOK_NAME = 'admission.breakwater.dev';

/** Name of the condition that leaves out what changes all the time. */
export const NOISE_CONDITION = 'not-noise';

/** Kinds that change too often to be asked about where a policy looks at everything, and none names them. */
const NOISY: Readonly<Record<string, string>> = {
  Event: 'events',
  Endpoints: 'endpoints',
  EndpointSlice: 'endpointslices',
  Lease: 'leases',
};

/** What leaves out the noise; undefined where only single kinds are asked about. */
export function noiseCondition(watched: readonly WatchedKind[]): string | undefined {
  if (!watched.some(({ kind }) => kind === '*')) return undefined;
  const named = new Set(watched.map(({ kind }) => kind));
  const left = Object.entries(NOISY).filter(([kind]) => !named.has(kind));
  if (left.length === 0) return undefined;
  return `!(request.resource.resource in [${left.map(([, resource]) => `'${resource}'`).join(', ')}])`;
}

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
  const noise = noiseCondition(basis.watched);
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
          ...(noise === undefined ? [] : [{ name: NOISE_CONDITION, expression: noise }]),
        ],
        rules: webhookRules(basis.watched),
      },
    ],
  };
}
