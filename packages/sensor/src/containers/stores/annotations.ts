import { clean, type Fields, textOf } from './read-fields.ts';
import type { ContainerFacts } from './store.ts';

/** The annotations and labels with which the kubelet, containerd's CRI and CRI-O say what a container is. */
export function fromAnnotations(annotations: Fields, id: string, labels: Record<string, string> = {}): ContainerFacts {
  const first = (...names: string[]): string => names.map((name) => textOf(annotations[name])).find(Boolean) ?? '';
  const pod = {
    name: first('io.kubernetes.cri.sandbox-name', 'io.kubernetes.pod.name'),
    namespace: first('io.kubernetes.cri.sandbox-namespace', 'io.kubernetes.pod.namespace'),
  };
  const container = clean({
    name: first('io.kubernetes.cri.container-name', 'io.kubernetes.container.name'),
    image: first('io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName'),
  });
  return {
    container: { ...container, id },
    ...(pod.name !== '' && pod.namespace !== '' && { pod: { ...pod, labels } }),
  };
}
