import { type Attack, attack, cluster, makesPods, podMaker, refusable } from './attack.ts';

/** Attacks through controllers that do with their own permissions what a custom resource asks for. */
// biome-ignore format: one attack is one line
export const controllerAttacks: readonly Attack[] = [
  attack('deploy-by-argo', 'likely', cluster, 'have Argo CD deploy anything -- a project that is not limited', 'argoproj.io applications create,update,patch'),
  attack('workflow-by-argo', 'likely', podMaker, 'have Argo Workflows run any pod -- a controller that watches this namespace', 'argoproj.io workflows,cronworkflows create', refusable),
  attack('deploy-by-flux', 'likely', cluster, 'have Flux deploy anything -- a controller that acts as nobody else', 'kustomize.toolkit.fluxcd.io kustomizations create,update,patch'),
  attack('release-by-flux', 'likely', cluster, 'have Flux deploy anything -- a controller that acts as nobody else', 'helm.toolkit.fluxcd.io helmreleases create,update,patch'),
  attack('chart-by-k3s', 'possible', cluster, 'have the Helm controller of k3s install anything -- a cluster of k3s or RKE2', 'helm.cattle.io helmcharts,helmchartconfigs create,update,patch'),
  attack('run-by-tekton', 'likely', podMaker, 'have Tekton run any pod -- a controller that watches this namespace', 'tekton.dev taskruns,pipelineruns create', refusable),
  attack('rules-by-kyverno', 'possible', cluster, 'have Kyverno change or make any object -- permissions of Kyverno for that object', 'kyverno.io clusterpolicies create,update,patch', { clusterOnly: true }),
  attack('objects-by-crossplane', 'possible', cluster, 'have Crossplane make any object -- a provider for Kubernetes that may', 'kubernetes.crossplane.io objects create,update,patch'),
  attack('azure-pod-identity', 'slight', cluster, 'take the identity of the cluster in Azure -- AKS with the retired pod identity', `aadpodidentity.k8s.io azurepodidentityexceptions create,update,patch + ${makesPods}`),
];
