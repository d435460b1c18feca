import { COMPILE_TARGETS } from '@breakwater/engine/compile';
import type { BehaviourProfile, JsonObject } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const PROFILE: BehaviourProfile = {
  subject: 'shop/Deployment/web',
  container: 'nginx',
  origin: 'recorded',
  partial: false,
  dimensions: ['exec', 'open', 'connect', 'listen', 'capability', 'privilege'],
  behaviours: [
    { dimension: 'exec', actor: '', parent: '', object: '/usr/sbin/nginx', inImage: true },
    { dimension: 'privilege', actor: '/usr/sbin/nginx', parent: '', object: 'uid 101' },
    { dimension: 'open', actor: '/usr/sbin/nginx', parent: '', access: 'read', object: '/etc/nginx/nginx.conf' },
    { dimension: 'listen', actor: '/usr/sbin/nginx', parent: '', object: '80/TCP' },
    { dimension: 'connect', actor: '/usr/sbin/nginx', parent: '', object: 'internet:443/TCP' },
    { dimension: 'connect', actor: '/usr/sbin/nginx', parent: '', object: 'private:*/UDP' },
    { dimension: 'capability', actor: '/usr/sbin/nginx', parent: '', object: 'CAP_CHOWN' },
  ],
};

const compiled = (name: string): JsonObject[] =>
  COMPILE_TARGETS.find((target) => target.name === name)!.confine!(PROFILE, { step: 'block', selector: { app: 'web' } })
    .objects;

const deployment = (securityContext: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1', securityContext }] },
    },
  },
});

describe.skipIf(NO_CLUSTER !== '')(onCluster('what profiles compile to'), () => {
  let cluster: Cluster;
  const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
  const STRICT = '?fieldValidation=Strict';

  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop' },
    });
  });
  afterAll(async () => await cluster?.stop());

  it('is a NetworkPolicy that the API server takes as it is, field by field', async () => {
    const [policy] = compiled('network-policy') as [JsonObject];
    const path = `/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies${STRICT}`;
    const { status, body } = await cluster.request('POST', path, policy);
    expect([status, body.spec]).toEqual([201, policy['spec']]);
  });

  it('is a patch that hardens the workload, which the API server takes', async () => {
    await cluster.request('POST', DEPLOYMENTS, deployment({}));
    const [patch] = compiled('security-context') as [JsonObject];
    const { status, body } = await cluster.request('PATCH', `${DEPLOYMENTS}/web${STRICT}`, patch, {
      contentType: 'application/strategic-merge-patch+json',
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.spec.template.spec.containers[0].securityContext).toEqual({
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] },
    });
  });

  it('is a ValidatingAdmissionPolicy by which nobody takes the limits away again', async () => {
    for (const object of compiled('validating-admission-policy')) {
      const resource =
        object['kind'] === 'ValidatingAdmissionPolicy'
          ? 'validatingadmissionpolicies'
          : 'validatingadmissionpolicybindings';
      const path = `/apis/admissionregistration.k8s.io/v1/${resource}${STRICT}`;
      const { status, body } = await cluster.request('POST', path, object);
      expect(status, JSON.stringify(body)).toBe(201);
    }
    const put = (context: JsonObject) => cluster.request('PUT', `${DEPLOYMENTS}/web?dryRun=All`, deployment(context));
    const refusal = await retryUntil('the policy in force', async () => {
      const { status, body } = await put({ privileged: true });
      return status === 422 && body;
    });
    expect(refusal.message).toContain('container nginx: it may not be privileged');
    const hardened = {
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['CHOWN'] },
    };
    expect((await put(hardened)).status).toBe(200);
    const more = await put({ ...hardened, capabilities: { drop: ['ALL'], add: ['CHOWN', 'SYS_ADMIN'] } });
    expect(more.body.message).toContain('it may add only CHOWN, NET_BIND_SERVICE');
    const writable = await put({ ...hardened, readOnlyRootFilesystem: false });
    expect(writable.body.message).toContain('readOnlyRootFilesystem has to be true');
  });

  it.each([
    ['tetragon', TETRAGON()],
    ['kubearmor', KUBEARMOR()],
  ])('is what the definition of %s takes, with no field too many', async (target, definition) => {
    const { group, plural, version } = definition;
    const made = await cluster.request(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      definition.object,
    );
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const [policy] = compiled(target) as [JsonObject];
    const path = `/apis/${group}/${version}/namespaces/shop/${plural}${STRICT}`;
    const answer = await retryUntil(`the kind ${plural}`, async () => {
      const { status, body } = await cluster.request('POST', path, policy);
      return status !== 404 && { status, body };
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  });
});

type Schema = { [key: string]: unknown };

const text = { type: 'string' };
const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const fields = (properties: Schema, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
});
const LABELS = { type: 'object', additionalProperties: text };

function definitionOf(group: string, version: string, kind: string, plural: string, spec: Schema) {
  const schema = { openAPIV3Schema: fields({ spec }) };
  return {
    group,
    version,
    plural,
    object: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    },
  };
}

/** What Tetragon's own definition says of the fields that may be used, with its enumerations. */
function TETRAGON() {
  const selector = fields({
    matchLabels: LABELS,
    matchExpressions: listOf(
      fields(
        { key: text, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'), values: listOf(text) },
        'key',
        'operator',
      ),
    ),
  });
  const index = { type: 'integer', format: 'int32', minimum: 0 };
  const matchArgs = listOf(
    fields(
      {
        index,
        operator: oneOf(
          'Equal',
          'NotEqual',
          'Prefix',
          'NotPrefix',
          'Postfix',
          'NotPostfix',
          'DPort',
          'NotDPort',
          'DAddr',
          'NotDAddr',
          'Protocol',
        ),
        values: listOf(text),
      },
      'index',
      'operator',
    ),
  );
  const matchActions = listOf(
    fields(
      {
        action: oneOf('Post', 'NoPost', 'Sigkill', 'Signal', 'Override', 'NotifyEnforcer'),
        argError: { type: 'integer', format: 'int32' },
      },
      'action',
    ),
  );
  const args = listOf(
    fields({ index, type: oneOf('auto', 'int', 'string', 'file', 'path', 'sock', 'linux_binprm') }, 'index', 'type'),
  );
  const selectors = listOf(fields({ matchArgs, matchActions }));
  return definitionOf(
    'cilium.io',
    'v1alpha1',
    'TracingPolicyNamespaced',
    'tracingpoliciesnamespaced',
    fields({
      podSelector: selector,
      containerSelector: selector,
      lsmhooks: listOf(fields({ hook: text, args, selectors }, 'hook')),
      kprobes: listOf(fields({ call: text, syscall: { type: 'boolean' }, args, selectors }, 'call', 'syscall')),
    }),
  );
}

/** What KubeArmor's own definition says of the fields that may be used, with its patterns. */
function KUBEARMOR() {
  const flag = { type: 'boolean' };
  const file = { type: 'string', pattern: '^\\/+.*[^\\/]$' };
  const folder = { type: 'string', pattern: '^\\/$|^\\/.*\\/$' };
  return definitionOf(
    'security.kubearmor.com',
    'v1',
    'KubeArmorPolicy',
    'kubearmorpolicies',
    fields({
      selector: fields({ matchLabels: LABELS }),
      process: fields({ matchPaths: listOf(fields({ path: file })) }),
      file: fields({ matchDirectories: listOf(fields({ dir: folder, recursive: flag, readOnly: flag }, 'dir')) }),
      network: fields({
        matchProtocols: listOf(
          fields({ protocol: { type: 'string', pattern: '(icmp|ICMP|tcp|TCP|udp|UDP|raw|RAW)$' } }, 'protocol'),
        ),
      }),
      capabilities: fields({ matchCapabilities: listOf(fields({ capability: text }, 'capability')) }),
      action: oneOf('Allow', 'Audit', 'Block'),
    }),
  );
}
