/** What a kubelet, a kube-proxy and an API server read from a file of their node, by group and kind. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  'kubelet.config.k8s.io': 'KubeletConfiguration',
  'kubeproxy.config.k8s.io': 'KubeProxyConfiguration',
  'apiserver.config.k8s.io': 'EncryptionConfiguration',
};

/**
 * The configuration of a node's own programs: of the shape of an object, without a name, and judged as one. Other
 * configurations say nothing that a policy asks for.
 */
export function isNodeConfiguration({ apiVersion, kind }: Readonly<Record<string, unknown>>): boolean {
  if (typeof apiVersion !== 'string') return false;
  const group = apiVersion.split('/')[0]!;
  return Object.hasOwn(CONFIGURATIONS, group) && CONFIGURATIONS[group] === kind;
}
