/** The least that the webhook needs, as a service account of its own, and two users. */
export const ACCESS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'breakwater' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'admission', namespace: 'breakwater' } },
  role('admission', [
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingwebhookconfigurations'],
      resourceNames: ['breakwater'],
      verbs: ['get', 'patch'],
    },
    { apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['get'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ]),
  role('developer', [{ apiGroups: [''], resources: ['pods'], verbs: ['create'] }]),
  role('oncall', [
    { apiGroups: [''], resources: ['pods'], verbs: ['create'] },
    { apiGroups: ['breakwater.dev'], resources: ['policies'], verbs: ['bypass'] },
  ]),
  bind('admission', { kind: 'ServiceAccount', name: 'admission', namespace: 'breakwater' }),
  bind('developer', { kind: 'User', name: 'developer', apiGroup: 'rbac.authorization.k8s.io' }),
  bind('oncall', { kind: 'User', name: 'oncall', apiGroup: 'rbac.authorization.k8s.io' }),
];

function role(name: string, rules: object[]): object {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
}

function bind(name: string, subject: object): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [subject],
  };
}
