import {
  NOISE_CONDITION,
  noiseCondition,
  WEBHOOK_NAME,
  type WebhookRule,
  webhookRules,
  widenedRules,
} from '@breakwater/app/admission';
import { joinBundles, vouches } from '../certificates/bundles.ts';
import type { ServingCertificate } from '../certificates/serving-certificates.ts';
import type { ApiServer } from './api-server.ts';

/** What our webhook has to be: who vouches for us, and what we are to be asked about. */
export interface WantedWebhook {
  serving: Pick<ServingCertificate, 'certificate' | 'bundle' | 'isShared'>;
  watched: Parameters<typeof webhookRules>[0];
  /** Whether rules that nobody here wants are taken away; else they stay, for they may be another replica's. */
  narrows: boolean;
}

/** Whether something was changed, and whether more is asked about than is wanted here. */
export interface PatchedWebhook {
  changed: boolean;
  isWider: boolean;
}

interface Webhook {
  name?: string;
  clientConfig?: { caBundle?: string };
  rules?: WebhookRule[];
  matchConditions?: { name: string; expression: string }[];
}

interface Configuration {
  metadata?: { annotations?: Record<string, string> };
  webhooks?: Webhook[];
}

/**
 * Brings our webhook in a ValidatingWebhookConfiguration up to date, where it is not. Rules never stand there without an
 * authority that vouches for us: with them an API server would ask somebody whom it cannot trust. Needs `get` and `patch`
 * on that one object; everything else in it stays as whoever made it wants it. Throws where the API server refuses.
 */
export async function patchWebhook(server: ApiServer, name: string, wanted: WantedWebhook): Promise<PatchedWebhook> {
  const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${encodeURIComponent(name)}`;
  const found = await server.ask('GET', path);
  if (found.status !== 200)
    throw new Error(`ValidatingWebhookConfiguration ${name}: the API server says ${found.status}`);
  const configuration = found.body as Configuration;
  const own = configuration.webhooks?.find((webhook) => webhook.name === WEBHOOK_NAME);
  if (own === undefined) throw new Error(`ValidatingWebhookConfiguration ${name} has no webhook ${WEBHOOK_NAME}`);
  const bundle = bundleFor(name, configuration, own, wanted.serving);
  const present = own.rules ?? [];
  const rules = webhookRules(wanted.watched);
  const isSame = sameRules(rules, present);
  const written = isSame ? undefined : wanted.narrows ? rules : widenedRules(present, rules);
  const conditions = conditionsPatch(own, noiseCondition(wanted.watched));
  const change = {
    ...(bundle !== undefined && bundle !== own.clientConfig?.caBundle && { clientConfig: { caBundle: bundle } }),
    ...(written !== undefined && { rules: written }),
    ...(conditions !== undefined && { matchConditions: [conditions] }),
  };
  const isWider = !isSame && !wanted.narrows && !sameRules(rules, written ?? present);
  if (Object.keys(change).length === 0) return { changed: false, isWider };
  const patch = { webhooks: [{ name: WEBHOOK_NAME, ...change }] };
  const { status } = await server.ask('PATCH', path, patch, 'application/strategic-merge-patch+json');
  if (status !== 200)
    throw new Error(`ValidatingWebhookConfiguration ${name} cannot be changed: the API server says ${status}`);
  return { changed: true, isWider };
}

/** `caBundle` as it has to be; undefined where somebody else writes it. Throws where nobody vouches for us yet. */
function bundleFor(
  name: string,
  { metadata }: Configuration,
  own: Webhook,
  { certificate, bundle, isShared }: WantedWebhook['serving'],
): string | undefined {
  const present = Buffer.from(own.clientConfig?.caBundle ?? '', 'base64').toString('utf8');
  if (bundle !== undefined) return Buffer.from(isShared ? bundle : joinBundles(bundle, present)).toString('base64');
  const isInjected = Object.keys(metadata?.annotations ?? {}).some((key) => key.startsWith('cert-manager.io/inject-'));
  // An API server without a caBundle goes by the authorities of its machine.
  const isVouched = present.trim() === '' ? !isInjected : vouches(present, certificate);
  if (isVouched) return undefined;
  throw new Error(
    `caBundle of ValidatingWebhookConfiguration ${name} does not vouch for the certificate that is served: nothing is asked until it does`,
  );
}

/** The condition that leaves out noise, where it is to be written or taken away. */
function conditionsPatch({ matchConditions = [] }: Webhook, expression: string | undefined): object | undefined {
  const present = matchConditions.find(({ name }) => name === NOISE_CONDITION);
  if (present?.expression === expression) return undefined;
  return expression === undefined ? { name: NOISE_CONDITION, $patch: 'delete' } : { name: NOISE_CONDITION, expression };
}

/** Whatever the order of fields is that the API server gives. */
function sameRules(a: readonly object[], b: readonly object[]): boolean {
  const inOrder = (rules: readonly object[]) =>
    rules
      .map((rule) => JSON.stringify(Object.entries(rule).sort(([x], [y]) => (x < y ? -1 : 1))))
      .sort()
      .join();
  return inOrder(a) === inOrder(b);
}
