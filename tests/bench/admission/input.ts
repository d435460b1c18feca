import { builtInPolicies } from '@breakwater/sources/policies';

/** Policies on pods like ours as a YAML file, until there are enough; and how many they are. */
export function addedPolicies(wanted: number): { text: string; added: number } {
  const own = builtInPolicies().policies.filter(({ policy: { spec } }) => {
    const { kinds } = spec.match;
    return (
      spec.pack === undefined && spec.phases.includes('deploy') && (kinds === undefined || kinds.includes('Deployment'))
    );
  }).length;
  const added = Math.max(0, wanted - own);
  const rules = [
    `{ each: containers, expr: "!c.privileged || c.name == 'n'", message: "c.name + ' is privileged'" }`,
    `{ each: containers, expr: "c.image.contains('/') && !c.image.endsWith(':latest')", message: "c.name + ' has no tag'" }`,
    `{ expr: "has(object.metadata.labels) && object.metadata.labels.exists(k, k.startsWith('app'))", message: "'no label'" }`,
    `{ expr: "!workload.hostNetwork && !workload.hostPID", message: "'host namespaces'" }`,
    `{ each: containers, expr: "'memory' in c.limits && quantity(c.limits['memory']).isLessThan(quantity('64Gi'))", message: "c.name + ' has no limit'" }`,
  ];
  const documents = Array.from({ length: added }, (_, index) => {
    const spec = `{ title: t, why: w, fix: f, severity: low, phases: [deploy], enforcement: { deploy: ${index % 10 === 0 ? 'warn' : 'audit'} }, require: [${rules[index % rules.length]}] }`;
    return `apiVersion: breakwater/v1\nkind: Policy\nmetadata: { name: bench-${index} }\nspec: ${spec}\n`;
  });
  return { text: documents.join('---\n') || '# none\n', added };
}

/** An AdmissionReview of a Deployment, as an API server writes it. */
export function review(containers: number, good: boolean): Buffer {
  const labels = { app: 'shop', 'app.kubernetes.io/part-of': 'shop', team: 'payments' };
  const container = (index: number) => ({
    name: `c${index}`,
    image: good ? `registry.example/shop/web:1.${index}` : 'nginx',
    env: Array.from({ length: 8 }, (_, n) => ({ name: `SETTING_${n}`, value: `value of ${n}` })),
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    securityContext: good
      ? {
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        }
      : {},
    readinessProbe: { httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' }, periodSeconds: 5 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
  });
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels, uid: '0b9c4b1e-0000-4000-8000-000000000001', generation: 1 },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'shop' } },
      template: {
        metadata: { labels },
        spec: {
          containers: Array.from({ length: containers }, (_, index) => container(index)),
          volumes: [{ name: 'data', emptyDir: {} }],
          serviceAccountName: 'web',
          securityContext: good ? { seccompProfile: { type: 'RuntimeDefault' } } : {},
        },
      },
    },
    status: {},
  };
  const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
  const resource = { group: 'apps', version: 'v1', resource: 'deployments' };
  const request = {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    ...{ kind, resource, requestKind: kind, requestResource: resource },
    ...{ name: 'web', namespace: 'shop', operation: 'CREATE' },
    userInfo: { username: 'alice', uid: '1', groups: ['developers', 'system:authenticated'] },
    ...{ object, oldObject: null, dryRun: false },
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'kubectl-client-side-apply' },
  };
  return Buffer.from(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }));
}
