import type { JsonObject, ManifestObject, SecretFacts, Workload } from '@breakwater/model';
import { SecretReport } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { identityOf } from '../../identity/index.ts';
import { workloadsOf } from '../../inventory/index.ts';
import { objectOf } from '../../network/estate.fixture.ts';
import { certificatesIn, encryptionOf, secretReport, storesOf, writtenSecretsIn } from './index.ts';

const NOW = '2026-06-01T00:00:00Z';
const password = ['Corr3ct', 'Hors3', 'Batt3ry'].join('-');
const named = (
  kind: string,
  name: string,
  body: JsonObject,
  namespace = 'shop',
  apiVersion?: string,
): ManifestObject => {
  const object = objectOf(kind, name, body, namespace, apiVersion);
  const metadata = { name, namespace, ...(body['metadata'] as JsonObject | undefined) };
  return { ...object, object: { ...object.object, metadata } };
};
const secret = (name: string, body: JsonObject = {}) => named('Secret', name, body);
const deployment = (name: string, container: JsonObject, spec: JsonObject = {}) =>
  named(
    'Deployment',
    name,
    { spec: { template: { spec: { ...spec, containers: [{ name: 'app', image: 'app:1', ...container }] } } } },
    'shop',
    'apps/v1',
  );
const reportOf = (
  objects: ManifestObject[],
  ways: (workload: Workload) => { phrase: string; places: [] }[] = () => [],
) => {
  const { workloads } = workloadsOf(objects);
  return secretReport({
    objects,
    workloads,
    identity: identityOf(objects, workloads),
    waysToNode: ways,
    texts: [],
    now: NOW,
    unknowns: [],
  });
};
const one = (objects: ManifestObject[], name = 'db', ways?: Parameters<typeof reportOf>[1]): SecretFacts =>
  reportOf(objects, ways).secrets.find((each) => each.name === name)!;
const readersOf = (facts: SecretFacts) => facts.readers.map(({ who, by }) => `${who} by ${by}`);
const role = (name: string, rule: JsonObject) =>
  named('Role', name, { rules: [{ apiGroups: [''], ...rule }] }, 'shop', 'rbac.authorization.k8s.io/v1');
const binding = (roleName: string, subject: JsonObject) =>
  named(
    'RoleBinding',
    `${roleName}-binding`,
    { subjects: [subject], roleRef: { kind: 'Role', name: roleName } },
    'shop',
    'rbac.authorization.k8s.io/v1',
  );
const jane = { kind: 'User', name: 'jane' };

describe('who can read a secret', () => {
  it.each<[string, JsonObject, JsonObject, string]>([
    ['a volume', { volumeMounts: [] }, { volumes: [{ name: 'v', secret: { secretName: 'db' } }] }, 'mount'],
    [
      'a projected volume',
      {},
      { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'db' } }] } }] },
      'mount',
    ],
    ['a variable', { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }] }, {}, 'environment'],
    ['all variables', { envFrom: [{ secretRef: { name: 'db' } }] }, {}, 'environment'],
    ['the images', {}, { imagePullSecrets: [{ name: 'db' }] }, 'image-pull'],
  ])('are workloads that hold it by %s', (_, container, spec, by) => {
    expect(readersOf(one([secret('db'), deployment('web', container, spec)]))).toEqual([
      `Deployment shop/web by ${by}`,
    ]);
  });

  it.each<[string, JsonObject, string[]]>([
    ['get', { resources: ['secrets'], verbs: ['get'] }, ['user jane by permission']],
    ['list', { resources: ['secrets'], verbs: ['list'] }, ['user jane by permission']],
    ['watch', { resources: ['secrets'], verbs: ['watch'] }, ['user jane by permission']],
    ['its name', { resources: ['secrets'], verbs: ['get'], resourceNames: ['db'] }, ['user jane by permission']],
    ['another name', { resources: ['secrets'], verbs: ['get'], resourceNames: ['other'] }, []],
    ['nothing of secrets', { resources: ['configmaps'], verbs: ['get'] }, []],
  ])('are identities that may read it: %s', (_, rule, expected) => {
    expect(readersOf(one([secret('db'), role('reader', rule), binding('reader', jane)]))).toEqual(expected);
  });

  it('are identities that may run commands in a pod that holds it', () => {
    const exec = [role('debugger', { resources: ['pods/exec'], verbs: ['create'] }), binding('debugger', jane)];
    const holder = deployment('web', { envFrom: [{ secretRef: { name: 'db' } }] });
    expect(readersOf(one([secret('db'), holder, ...exec]))).toContain('user jane by exec');
    expect(readersOf(one([secret('db'), deployment('web', {}), ...exec]))).toEqual([]);
  });

  it('are service accounts, with who holds their tokens', () => {
    const account = { kind: 'ServiceAccount', name: 'deployer', namespace: 'shop' };
    const objects = [
      secret('db'),
      named('ServiceAccount', 'deployer', {}),
      role('reader', { resources: ['secrets'], verbs: ['get'] }),
      binding('reader', account),
      deployment('ci', {}, { serviceAccountName: 'deployer' }),
    ];
    const [reader] = one(objects).readers;
    expect(reader?.who).toBe('service account shop/deployer');
    expect(reader?.how).toContain('Deployment shop/ci holds its token');
  });

  it('are workloads that take over nodes, where some pod holds it', () => {
    const ways = ({ name }: Workload) => (name === 'agent' ? [{ phrase: 'runs privileged', places: [] as [] }] : []);
    const holder = deployment('web', { envFrom: [{ secretRef: { name: 'db' } }] });
    const facts = one([secret('db'), holder, deployment('agent', {})], 'db', ways);
    expect(readersOf(facts)).toContain('Deployment shop/agent by node');
    expect(readersOf(one([secret('db'), deployment('agent', {})], 'db', ways))).toEqual([]);
  });
});

describe('the database of the cluster', () => {
  const etcd = ({ name }: Workload) =>
    name === 'backup' ? [{ phrase: 'reads /var/lib/etcd of its node', places: [] as [] }] : [];
  const encryption = objectOf(
    'EncryptionConfiguration',
    'EncryptionConfiguration',
    { resources: [{ resources: ['secrets'], providers: [{ secretbox: {} }] }] },
    '',
    'apiserver.config.k8s.io/v1',
  );

  it('is every secret for who reads it, unless it is encrypted', () => {
    expect(readersOf(one([secret('db'), deployment('backup', {})], 'db', etcd))).toEqual([
      'Deployment shop/backup by database',
    ]);
    expect(readersOf(one([secret('db'), deployment('backup', {}), encryption], 'db', etcd))).toEqual([]);
  });

  it('is in backups too', () => {
    const location = named(
      'BackupStorageLocation',
      'default',
      { spec: { objectStorage: { bucket: 'b' } } },
      'velero',
      'velero.io/v1',
    );
    expect(one([secret('db'), location]).readers[0]?.how).toContain('bucket b');
  });
});

describe('whether anybody needs a secret', () => {
  it.each<[string, ManifestObject]>([
    ['an Ingress', named('Ingress', 'i', { spec: { tls: [{ secretName: 'db' }] } }, 'shop', 'networking.k8s.io/v1')],
    ['a service account', named('ServiceAccount', 'a', { imagePullSecrets: [{ name: 'db' }] })],
    ['a custom resource', named('Cluster', 'c', { spec: { auth: { name: 'db' } } }, 'shop', 'postgres.example/v1')],
    [
      'a Gateway of another namespace',
      named(
        'Gateway',
        'g',
        { spec: { listeners: [{ tls: { certificateRefs: [{ name: 'db', namespace: 'shop' }] } }] } },
        'edge',
        'gateway.networking.k8s.io/v1',
      ),
    ],
    [
      'a storage driver',
      named('PersistentVolume', 'v', { spec: { csi: { nodeStageSecretRef: { name: 'db', namespace: 'shop' } } } }, ''),
    ],
  ])('is told by %s', (_, user) => {
    expect(one([secret('db')]).unused).toBe(true);
    expect(one([secret('db'), user]).unused).toBe(false);
  });

  it('is not asked of what programs use by themselves, nor of what is only named', () => {
    expect(one([secret('db', { type: 'helm.sh/release.v1' })]).unused).toBe(false);
    const facts = one([deployment('web', { envFrom: [{ secretRef: { name: 'db' } }] })]);
    expect([facts.unused, facts.origin]).toEqual([false, 'elsewhere']);
  });

  it('is stale when nobody changed it for a year', () => {
    const of = (creationTimestamp: string, time?: string) =>
      one([secret('db', { metadata: { creationTimestamp, ...(time && { managedFields: [{ time }] }) } })]);
    expect(of('2020-01-01T00:00:00Z')).toMatchObject({ stale: true, created: '2020-01-01T00:00:00Z' });
    expect(of('2026-05-01T00:00:00Z').stale).toBe(false);
    expect(of('2020-01-01T00:00:00Z', '2026-05-01T00:00:00Z').stale).toBe(false);
    expect(of('yesterday').stale).toBe(false);
  });
});

/** One element of DER. */
function der(tag: number, content: string): string {
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return String.fromCharCode(tag, ...length) + content;
}

function certificate(notAfter: string, version = der(0xa0, der(2, '\u0002'))): string {
  const time = (text: string) => der(text.length === 13 ? 0x17 : 0x18, text);
  const validity = der(0x30, time('200101000000Z') + time(notAfter));
  const body = der(0x30, `${version}${der(2, '\u0001')}${der(0x30, '')}${der(0x30, 'x'.repeat(200))}${validity}`);
  return `-----BEGIN CERTIFICATE-----\n${btoa(der(0x30, body))}\n-----END CERTIFICATE-----\n`;
}

describe('certificates', () => {
  it.each([
    ['210101000000Z', '2021-01-01T00:00:00Z', 'expired'],
    ['260615000000Z', '2026-06-15T00:00:00Z', 'ends-soon'],
    ['20991231235959Z', '2099-12-31T23:59:59Z', 'valid'],
  ])('end when they say: %s', (written, notAfter, state) => {
    const facts = one([secret('db', { type: 'kubernetes.io/tls', data: { 'tls.crt': btoa(certificate(written)) } })]);
    expect(facts.certificates).toEqual([{ key: 'tls.crt', notAfter, state }]);
    expect(facts.written).toEqual([]);
  });

  it('of the first version, of a chain, and of nobody', () => {
    expect(certificatesIn(certificate('210101000000Z', '') + certificate('220101000000Z'))).toHaveLength(2);
    for (const broken of ['AAAA', btoa('\u0030\u0082\u00ff\u00ff'), btoa('\u0030\u0001'), ''])
      expect(certificatesIn(`-----BEGIN CERTIFICATE-----\n${broken}\n-----END CERTIFICATE-----`)).toEqual([]);
  });
});

describe('encryption at rest', () => {
  const configuration = (resources: string[], provider: JsonObject) =>
    objectOf(
      'EncryptionConfiguration',
      'EncryptionConfiguration',
      { resources: [{ resources, providers: [provider, { identity: {} }] }] },
      '',
      'apiserver.config.k8s.io/v1',
    );
  const server = (command: string[]) =>
    objectOf('Pod', 'kube-apiserver-a', { spec: { containers: [{ name: 'kube-apiserver', command }] } }, 'kube-system');

  it.each<[string, ManifestObject[], string]>([
    ['nothing is known', [], 'unknown'],
    ['a key encrypts', [configuration(['secrets'], { aescbc: { keys: [] } })], 'yes'],
    ['a key service encrypts everything', [configuration(['*.*'], { kms: {} })], 'yes'],
    ['identity comes first', [configuration(['secrets'], { identity: {} })], 'no'],
    ['other kinds alone are covered', [configuration(['configmaps'], { aescbc: {} })], 'no'],
    ['the server has no such flag', [server(['kube-apiserver', '--secure-port=6443'])], 'no'],
    ['the server names a file', [server(['kube-apiserver', '--encryption-provider-config=/etc/e.yaml'])], 'unknown'],
    [
      'the flag stands apart from its value',
      [server(['kube-apiserver', '--encryption-provider-config', '/e'])],
      'unknown',
    ],
    ['another program runs', [server(['metrics-server'])], 'unknown'],
  ])('is told where %s', (_, objects, expected) => {
    expect(encryptionOf(objects, ['default'])[0]?.encrypted).toBe(expected);
  });
});

describe('stores', () => {
  it.each<[string, ManifestObject, string]>([
    [
      'External Secrets',
      named(
        'ExternalSecret',
        'e',
        { spec: { secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' }, target: { name: 'db' } } },
        'shop',
        'external-secrets.io/v1',
      ),
      'external',
    ],
    [
      'Sealed Secrets',
      named('SealedSecret', 'db', { spec: { encryptedData: {} } }, 'shop', 'bitnami.com/v1alpha1'),
      'sealed',
    ],
    ['SOPS', secret('db', { data: { a: 'ENC[AES256_GCM,data:x]' }, sops: { mac: 'x' } }), 'sealed'],
    [
      'the CSI driver',
      named(
        'SecretProviderClass',
        'p',
        { spec: { provider: 'azure', secretObjects: [{ secretName: 'db' }] } },
        'shop',
        'secrets-store.csi.x-k8s.io/v1',
      ),
      'external',
    ],
    ['cert-manager', named('Certificate', 'c', { spec: { secretName: 'db' } }, 'shop', 'cert-manager.io/v1'), 'made'],
  ])('are recognised: %s', (_, object, origin) => {
    const facts = one([object]);
    expect([facts.origin, facts.written]).toEqual([origin, []]);
    expect(facts.store).not.toBe('');
  });

  it('are recognised by what they inject', () => {
    const vault = named(
      'Deployment',
      'web',
      {
        spec: {
          template: {
            metadata: {
              annotations: { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': 'web' },
            },
            spec: { containers: [] },
          },
        },
      },
      'shop',
      'apps/v1',
    );
    expect(reportOf([vault]).stores.map(({ subject, words }) => [subject, words])).toEqual([
      ['Deployment shop/web', 'the Vault agent, as role web'],
    ]);
  });

  it('of another group are none', () => {
    expect(storesOf([named('ExternalSecret', 'db', {}, 'shop', 'example.org/v1')])).toEqual([]);
  });
});

describe('plain text', () => {
  const names = (object: ManifestObject) => writtenSecretsIn(object).map(({ where, name }) => `${where} ${name}`);

  it.each<[string, ManifestObject, string[]]>([
    ['a variable', deployment('web', { env: [{ name: 'DB_PASSWORD', value: password }] }), ['environment DB_PASSWORD']],
    ['an option', deployment('web', { args: [`--db-password=${password}`] }), ['argument args']],
    ['an option apart from its value', deployment('web', { args: ['--db-password', password] }), ['argument args']],
    [
      'an address',
      deployment('web', { env: [{ name: 'DB', value: `postgres://shop:${password}@db/shop` }] }),
      ['environment DB'],
    ],
    [
      'a key of a ConfigMap',
      named('ConfigMap', 'c', { data: { 'db.password': password } }),
      ['config-map db.password'],
    ],
    [
      'a file in a ConfigMap',
      named('ConfigMap', 'c', { data: { 'app.ini': `[db]\npassword = ${password}9x\n` } }),
      ['config-map app.ini'],
    ],
    [
      'an annotation',
      named('Service', 's', { metadata: { annotations: { 'x/api-token': password } } }),
      ['annotation x/api-token'],
    ],
    [
      'a custom resource',
      named('Database', 'd', { spec: { users: [{ password }] } }, 'shop', 'example.org/v1'),
      ['field password'],
    ],
    ['a reference', deployment('web', { env: [{ name: 'DB_PASSWORD', valueFrom: {} }] }), []],
    ['a template', deployment('web', { env: [{ name: 'DB_PASSWORD', value: '$(OTHER)' }] }), []],
    [
      'a connection',
      deployment('web', { env: [{ name: 'DB_CONNECTION_STRING', value: `Host=db;Password=${password}` }] }),
      ['environment DB_CONNECTION_STRING'],
    ],
    [
      'a connection without',
      deployment('web', { env: [{ name: 'DB_DSN', value: 'projects/shop/instances/one' }] }),
      [],
    ],
    ['a name for it', deployment('web', { env: [{ name: 'API_KEY', value: 'GOOGLE_API_KEY_VAL' }] }), []],
    ['a path', deployment('web', { env: [{ name: 'DB_PASSWORD_FILE', value: '/run/secrets/db' }] }), []],
    ['a switch', deployment('web', { env: [{ name: 'USE_TOKEN', value: 'enabled' }] }), []],
    ['a Secret', secret('db', { stringData: { password } }), []],
  ])('is found in %s, or is none', (_, object, expected) => {
    expect(names(object)).toEqual(expected);
  });

  it('of a Secret is told of the Secret, wherever it stands, and is never printed', () => {
    const objects = [
      secret('db', { data: { password: btoa(password), username: btoa('shopper') } }),
      deployment('web', { env: [{ name: 'DB_PASSWORD', value: password }] }),
      deployment('job', { env: [{ name: 'API_TOKEN', value: `${password}-other` }] }),
    ];
    const report = reportOf(objects);
    const facts = report.secrets.find(({ name }) => name === 'db')!;
    expect(facts.written.map(({ where, name }) => `${where} ${name}`)).toEqual([
      'secret-manifest password',
      'environment DB_PASSWORD',
    ]);
    expect(report.written.map(({ name }) => name)).toEqual(['API_TOKEN']);
    expect(JSON.stringify(report)).not.toContain(password);
    expect(JSON.stringify(report)).not.toContain(btoa(password).slice(0, 12));
    expect(SecretReport.parse(report)).toEqual(report);
  });

  it('is not looked for in what a cluster shows of its Secrets', () => {
    const live: ManifestObject = { ...secret('db', { data: { password: btoa(password) } }), live: true };
    expect(one([live])).toMatchObject({ origin: 'cluster', written: [] });
  });
});

it('keeps its time in line with secrets and readers', () => {
  const many = Array.from({ length: 2000 }, (_, at) => [
    secret(`s${at}`),
    deployment(`w${at}`, { envFrom: [{ secretRef: { name: `s${at}` } }] }),
  ]).flat();
  const agents = (workload: Workload) =>
    workload.name.endsWith('0') ? [{ phrase: 'runs privileged', places: [] as [] }] : [];
  const report = reportOf(many, agents);
  expect(report.secrets).toHaveLength(2000);
  expect(report.secrets.every(({ readers, moreReaders }) => readers.length === 100 && moreReaders > 99)).toBe(true);
});
