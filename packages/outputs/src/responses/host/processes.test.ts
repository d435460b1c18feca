import { describe, expect, it } from 'vitest';
import { podNamespaceIn } from './processes.ts';

const UID = '1c9e04b7-50f5-4b5f-8a10-1d2a83c1d3f2';
const NAMES = [`kube-system_etcd-node-1_${UID}`, 'shop_web-1_00000000-0000-4000-8000-000000000000'];
const BELOW = 'cri-containerd-aaaa.scope';

describe('the namespace of a process', () => {
  it.each([
    [
      'of systemd',
      `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/${BELOW}`,
    ],
    ['of cgroupfs', `0::/kubepods/burstable/pod${UID}/aaaa`],
    ['of a kubelet in a container', `0::/kubelet/kubepods/besteffort/pod${UID}/aaaa`],
  ])('is that of its pod, by a cgroup %s', (_, cgroups) => {
    expect(podNamespaceIn(cgroups, NAMES)).toBe('kube-system');
  });

  it('is told as unknown where the pod has no folder, and is none outside of pods', () => {
    expect(podNamespaceIn(`0::/kubepods/pod${UID}/aaaa`, [])).toBe('unknown');
    expect(podNamespaceIn('0::/machine.slice/libpod-aaaa.scope', NAMES)).toBeUndefined();
  });
});
