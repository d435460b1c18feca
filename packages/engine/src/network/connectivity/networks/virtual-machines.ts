import type { ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, labelsOf } from '../../../json/index.ts';

const LAUNCHER = 'vm.kubevirt.io/name';

/** Whether an object is a virtual machine of KubeVirt. */
export function isVirtualMachine({ kind, apiVersion }: ManifestObject): boolean {
  return kind === 'VirtualMachine' && apiVersion.startsWith('kubevirt.io/');
}

/**
 * The virtual machines of KubeVirt as ends of connections: each runs in a pod with the labels of its template. Where that
 * pod is among the workloads, it stands for the machine.
 */
export function virtualMachines(objects: readonly ManifestObject[], workloads: readonly Workload[]): Workload[] {
  const machines = objects.filter(isVirtualMachine);
  if (machines.length === 0) return [];
  const launched = new Set(workloads.map(({ namespace, podLabels }) => `${namespace}/${podLabels[LAUNCHER] ?? ''}`));
  return machines
    .filter(({ namespace, name }) => !launched.has(`${namespace}/${name}`))
    .map((object) => ({
      id: `${object.cluster}/${object.namespace}/${object.kind}/${object.name}`,
      cluster: object.cluster,
      namespace: object.namespace,
      kind: object.kind,
      name: object.name,
      labels: Object.fromEntries(labelsOf(fieldAt(object.object, 'metadata', 'labels'))),
      annotations: {},
      podLabels: Object.fromEntries(labelsOf(fieldAt(object.object, 'spec', 'template', 'metadata', 'labels'))),
      containers: [],
      volumes: [],
      serviceAccount: 'default',
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      podSpecPointer: ['spec', 'template', 'spec'],
      definitions: [object.place],
    }));
}
