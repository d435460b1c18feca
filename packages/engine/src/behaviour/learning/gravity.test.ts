import { describe, expect, it } from 'vitest';
import { gravity } from './gravity.ts';
import { behaviourOf } from './testing/workload.ts';

describe('what repetition never makes good', () => {
  it.each([
    'exec /bin/sh /tmp/x foreign',
    'open /bin/bash write /dev/pts/*',
    'open /bin/sh write /dev/tty',
    'open /usr/bin/cat read /etc/shadow',
    'open /app read /etc/shadow',
    'open /app write /etc/passwd',
    'open /usr/bin/grep read /home/u/.aws/credentials',
    'open /bin/tar read /root/.ssh/id_*',
    'open /usr/bin/curl read /run/secrets/kubernetes.io/serviceaccount/token',
    'open /usr/bin/strings read /proc/*/environ',
    'open /app write /etc/ld.so.preload',
    'open /app create /root/.ssh/authorized_keys',
    'open /app write /proc/sys/kernel/core_pattern',
    'open /app write /sys/fs/cgroup/x/release_agent',
    'open /app read /run/docker.sock',
    'connect /app unix:/run/containerd/containerd.sock',
    'connect /bin/bash internet:443/TCP',
    'connect /bin/bash private:4444/TCP',
    'connect /bin/sh c2.example.com:443/TCP',
    'connect /app xmr.nanopool.org:14444/TCP',
    'connect /app pool.supportxmr.com:443/TCP',
    'capability /app CAP_SYS_ADMIN',
    'privilege /app unshare user mount',
    'privilege /app mount proc /mnt/* failed',
    'privilege /app setns',
    'privilege /app ptrace',
    'privilege /app finit_module',
    'privilege /app bpf',
    'privilege /app userfaultfd failed',
    'privilege /bin/chmod chmod +s /tmp/*',
    'privilege /app setuid 0 failed',
    'privilege /app setresuid * 0 * failed',
    'open /app write /home/u/.bashrc',
    'open /bin/sh create /tmp/.ssh/authorized_keys',
    'open /bin/sh create /tmp/*/release_agent',
    'open /bin/dash read /dev/shm/*',
    'open /usr/bin/ln read /etc/shadow',
    'connect /bin/bash private:9999/UDP',
  ])('%s', (text) => {
    expect(gravity(behaviourOf(text).behaviour)).toMatch(/\w/);
  });

  it.each([
    'exec /bin/sh /usr/bin/x',
    'open /app write /dev/pts/*',
    'open /bin/bash read /dev/null',
    'open /usr/sbin/sshd read /etc/shadow',
    'open /usr/bin/su read /etc/shadow',
    'open /app read /run/secrets/kubernetes.io/serviceaccount/token',
    'open /app read /etc/passwd',
    'connect /bin/sh loopback:8080/TCP',
    'connect /bin/bash api:8080/TCP',
    'connect /bin/bash api.shop.svc.cluster.local:8080/TCP',
    'connect /bin/bash private:53/UDP',
    'privilege  mount remount /run/runc/*/*',
    'connect /bin/sh unix:/run/nscd/socket',
    'connect /app internet:443/TCP',
    'connect /app carpool.example.com:443/TCP',
    'capability /app CAP_NET_BIND_SERVICE',
    'privilege /app uid 0',
    'privilege /app setuid 101',
    'privilege /app setuid 0',
    'privilege /app setresuid 100 100 10 failed',
    'privilege /bin/chmod chmod +x /tmp/*',
    'open /bin/bash read /home/u/.bashrc',
    'open /app read /dev/shm/*',
    'privilege /app io_uring_setup',
    'listen /app 80/TCP',
  ])('and not %s', (text) => {
    expect(gravity(behaviourOf(text).behaviour)).toBeUndefined();
  });

  it('is a shell by the name it was called by, too', () => {
    const { behaviour } = behaviourOf('connect /bin/busybox internet:4444/TCP');
    expect(gravity({ ...behaviour, applet: 'sh' })).toMatch('is a shell that connects');
    expect(gravity({ ...behaviour, applet: 'httpd' })).toBeUndefined();
  });
});
