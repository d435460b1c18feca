import { WEBHOOK_NAME, webhookRules } from '@breakwater/app/admission';
import type { ApiServer } from './api-server.ts';

/** What our webhook has to be: who vouches for us, and what we are to be asked about. */
export interface WantedWebhook {
  /** PEM; undefined where somebody else sees to it. */
  bundle: string | undefined;
  watched: Parameters<typeof webhookRules>[0];
}

interface Webhook {
  name?: string;
  clientConfig?: { caBundle?: string };
  rules?: object[];
}

/**
 * Brings our webhook in a ValidatingWebhookConfiguration up to date, where it is not. Needs `get` and `patch` on that one
 * object; everything else in it stays as whoever made it wants it. True where something was changed; throws where the API
 * server refuses.
 */
export async function patchWebhook(server: ApiServer, name: string, wanted: WantedWebhook): Promise<boolean> {
  const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${encodeURIComponent(name)}`;
  const found = await server.ask('GET', path);
  if (found.status !== 200)
    throw new Error(`ValidatingWebhookConfiguration ${name}: the API server says ${found.status}`);
  const webhooks = (found.body as { webhooks?: Webhook[] }).webhooks ?? [];
  const own = webhooks.find((webhook) => webhook.name === WEBHOOK_NAME);
  if (own === undefined) throw new Error(`ValidatingWebhookConfiguration ${name} has no webhook ${WEBHOOK_NAME}`);
  const rules = webhookRules(wanted.watched);
  const caBundle = wanted.bundle === undefined ? undefined : Buffer.from(wanted.bundle).toString('base64');
  const change = {
    ...(caBundle !== undefined && caBundle !== own.clientConfig?.caBundle && { clientConfig: { caBundle } }),
    ...(!sameRules(rules, own.rules ?? []) && { rules }),
  };
  if (Object.keys(change).length === 0) return false;
  const patch = { webhooks: [{ name: WEBHOOK_NAME, ...change }] };
  const { status } = await server.ask('PATCH', path, patch, 'application/strategic-merge-patch+json');
  if (status !== 200)
    throw new Error(`ValidatingWebhookConfiguration ${name} cannot be changed: the API server says ${status}`);
  return true;
}

/** Whatever the order of fields is that the API server gives. */
function sameRules(a: readonly object[], b: readonly object[]): boolean {
  const inOrder = (rules: readonly object[]) =>
    rules.map((rule) => JSON.stringify(Object.entries(rule).sort(([x], [y]) => (x < y ? -1 : 1)))).join();
  return inOrder(a) === inOrder(b);
}
