import { describe, expect, it } from 'vitest';
import { issueCertificate } from '../certificates/issue-certificate.ts';
import type { ApiServer } from './api-server.ts';
import { patchWebhook, type WantedWebhook } from './webhook-patch.ts';

const life = { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 3_600_000) };
const authorityNamed = (name = 'breakwater admission authority') => issueCertificate({ name, ...life });
const [authority, other] = [authorityNamed(), authorityNamed()];
const servedBy = (by: typeof authority) =>
  issueCertificate({ name: 'breakwater admission', hosts: ['localhost'], ...life, authority: by }).certificate;
const certificate = servedBy(authority);

type Rules = { resources: string[]; operations: string[] }[];
interface Webhook {
  name: string;
  clientConfig: { caBundle?: string };
  rules?: Rules;
  matchConditions?: object[];
}

/** A ValidatingWebhookConfiguration as an API server keeps one, and what is patched of it. */
function registered(own: Partial<Webhook> = {}, annotations: Record<string, string> = {}) {
  const webhook: Webhook = { name: 'admission.breakwater.dev', clientConfig: {}, ...own };
  const patches: Partial<Webhook>[] = [];
  const server: ApiServer = {
    async ask(method, _, body) {
      if (method === 'PATCH') {
        const [change] = (body as { webhooks: Webhook[] }).webhooks;
        patches.push(change!);
        Object.assign(webhook, change);
      }
      return { status: 200, body: { metadata: { annotations }, webhooks: [webhook] } };
    },
    close() {},
  };
  return { webhook, patches, server };
}

const pods = [{ kind: 'Pod', operations: ['CREATE' as const], groups: [] }];
const all = [{ kind: '*', operations: ['CREATE' as const], groups: [] }];
const own: WantedWebhook['serving'] = { certificate, bundle: authority.certificate, isShared: true };
const given: WantedWebhook['serving'] = { certificate, bundle: undefined, isShared: true };
const wanted = (change: Partial<WantedWebhook> = {}): WantedWebhook => ({
  serving: own,
  watched: pods,
  narrows: false,
  ...change,
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const textOf = ({ clientConfig }: Webhook): string => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString();

describe('patchWebhook', () => {
  it('writes rules and authority at once, and nothing where nothing is to be changed', async () => {
    const { webhook, patches, server } = registered();
    expect(await patchWebhook(server, 'breakwater', wanted())).toEqual({ changed: true, isWider: false });
    expect(patches).toHaveLength(1);
    expect(textOf(webhook)).toBe(authority.certificate);
    expect(webhook.rules?.[0]?.resources).toContain('pods');
    expect(await patchWebhook(server, 'breakwater', wanted())).toEqual({ changed: false, isWider: false });
  });

  it.each([
    ['what is there vouches for something else', { clientConfig: { caBundle: base64(other.certificate) } }, {}],
    ['the one who is to write it has not yet', {}, { 'cert-manager.io/inject-ca-from': 'breakwater/webhook' }],
  ])('writes no rules while %s', async (_, there, annotations) => {
    const { patches, server } = registered(there, annotations);
    await expect(patchWebhook(server, 'breakwater', wanted({ serving: given }))).rejects.toThrow('does not vouch');
    expect(patches).toEqual([]);
  });

  it('writes rules once somebody else vouches, and where the authorities of the machine count', async () => {
    const vouched = registered({ clientConfig: { caBundle: base64(authority.certificate) } });
    expect((await patchWebhook(vouched.server, 'breakwater', wanted({ serving: given }))).changed).toBe(true);
    const open = registered();
    expect((await patchWebhook(open.server, 'breakwater', wanted({ serving: given }))).changed).toBe(true);
    expect(open.webhook.clientConfig).toEqual({});
  });

  it('trusts another replica still, where certificates could not be shared', async () => {
    const { webhook, server } = registered({ clientConfig: { caBundle: base64(other.certificate) } });
    await patchWebhook(server, 'breakwater', wanted({ serving: { ...own, isShared: false } }));
    expect(textOf(webhook)).toBe(authority.certificate + other.certificate);
    await patchWebhook(server, 'breakwater', wanted());
    expect(textOf(webhook)).toBe(authority.certificate);
  });

  it('takes from other replicas nothing that they want to be asked about, until it is told to', async () => {
    const { webhook, server } = registered();
    const more = [...pods, { kind: 'Service', operations: ['CREATE' as const], groups: [] }];
    await patchWebhook(server, 'breakwater', wanted({ watched: more }));
    expect(await patchWebhook(server, 'breakwater', wanted())).toEqual({ changed: false, isWider: true });
    expect(webhook.rules?.[0]?.resources).toContain('services');
    expect(await patchWebhook(server, 'breakwater', wanted({ narrows: true }))).toEqual({
      changed: true,
      isWider: false,
    });
    expect(webhook.rules?.[0]?.resources).not.toContain('services');
  });

  it('leaves noise out where a policy looks at everything, but nothing that a policy names', async () => {
    const { webhook, server, patches } = registered();
    await patchWebhook(server, 'breakwater', wanted({ watched: all }));
    expect(JSON.stringify(webhook.matchConditions)).toContain("'endpoints'");
    const endpoints = { kind: 'Endpoints', operations: ['CREATE' as const], groups: [] };
    await patchWebhook(server, 'breakwater', wanted({ watched: [...all, endpoints] }));
    expect(JSON.stringify(webhook.matchConditions)).not.toContain("'endpoints'");
    await patchWebhook(server, 'breakwater', wanted());
    expect(patches.at(-1)?.matchConditions).toEqual([{ name: 'not-noise', $patch: 'delete' }]);
  });
});
