/**
 * Kinds of extensions that say something about security, which the role that comes with Breakwater permits to read where
 * they are installed: a rule on a kind that is not there is harmless. Others are read where `breakwater cluster rbac`
 * found them.
 */
export const KNOWN_EXTENSIONS: { group: string; resource: string }[] = Object.entries({
  'argoproj.io': ['applications', 'appprojects', 'rollouts', 'workflows', 'cronworkflows'],
  'cert-manager.io': ['certificates', 'clusterissuers', 'issuers'],
  'cilium.io': ['ciliumclusterwidenetworkpolicies', 'ciliumnetworkpolicies'],
  'crd.projectcalico.org': ['globalnetworkpolicies', 'networkpolicies'],
  'external-secrets.io': ['clustersecretstores', 'externalsecrets', 'secretstores'],
  'gateway.networking.k8s.io': [
    'backendtlspolicies',
    'gatewayclasses',
    'gateways',
    'grpcroutes',
    'httproutes',
    'referencegrants',
    'tcproutes',
    'tlsroutes',
    'udproutes',
  ],
  'helm.toolkit.fluxcd.io': ['helmreleases'],
  'keda.sh': ['scaledjobs', 'scaledobjects'],
  'kustomize.toolkit.fluxcd.io': ['kustomizations'],
  'kyverno.io': ['clusterpolicies', 'policies', 'policyexceptions'],
  'networking.istio.io': ['destinationrules', 'gateways', 'serviceentries', 'virtualservices'],
  'networking.k8s.io': ['ingresses'],
  'policies.kyverno.io': ['imagevalidatingpolicies', 'policyexceptions', 'validatingpolicies'],
  'policy.networking.k8s.io': ['adminnetworkpolicies', 'baselineadminnetworkpolicies', 'clusternetworkpolicies'],
  'route.openshift.io': ['routes'],
  'security.istio.io': ['authorizationpolicies', 'peerauthentications', 'requestauthentications'],
  'security.openshift.io': ['securitycontextconstraints'],
  'serving.knative.dev': ['services'],
}).flatMap(([group, resources]) => resources.map((resource) => ({ group, resource })));
