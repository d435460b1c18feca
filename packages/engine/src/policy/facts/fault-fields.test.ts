import { describe, expect, it } from 'vitest';
import { fieldsNamed, itemNamed } from './fault-fields.ts';

const spell = (expression: string): string[] =>
  fieldsNamed(expression).map(({ root, steps }) => [root, ...steps].join('.'));

describe('fieldsNamed', () => {
  it.each([
    ['!c.privileged', ['c.securityContext.privileged']],
    ["'ALL' in c.capabilitiesDropped", ['c.securityContext.capabilities.drop']],
    ['c.runAsUser > 0', ['c.securityContext.runAsUser', 'workload.pod.securityContext.runAsUser']],
    ['c.image.matches("c.name")', ['c.image']],
    ['workload.hostPaths.exists(p, p == "/")', ['workload.pod.volumes']],
    ['has(c.spec.livenessProbe.httpGet)', ['c.livenessProbe.httpGet']],
    ['workload.pod.tolerations.all(t, t.key == "x")', ['workload.pod.tolerations']],
    ['object.spec.tls.size() > 0 && object.kind == "Ingress"', ['object.spec.tls']],
    ['object.metadata.name != "x"', []],
    ["c.name + 'c.privileged'", []],
    ['abc.privileged', []],
  ])('reads %s', (expression, expected) => {
    expect(spell(expression)).toEqual(expected);
  });
});

describe('itemNamed', () => {
  const pod = {
    volumes: [
      { name: 'a', emptyDir: {} },
      { name: 'b', hostPath: { path: '/run/docker.sock' } },
    ],
    add: ['CHOWN', 'SYS_ADMIN'],
    env: [{ name: 'A' }, { name: 'PASSWORD' }],
    ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 8080 }],
  };

  it.each([
    ['volumes', 'the pod mounts /run/docker.sock of the node', 1],
    ['add', 'container web adds SYS_ADMIN', 1],
    ['env', 'container web has a secret in PASSWORD', 1],
    ['ports', 'container web opens port 8080 on the node', 1],
    ['env', 'something else', undefined],
  ])('finds the one of %s that "%s" names', (list, sentence, index) => {
    expect(itemNamed(pod, [list], sentence)).toEqual(index === undefined ? [list] : [list, index]);
  });

  it('leaves what is no list, or not there', () => {
    expect(itemNamed(pod, ['none', 'at', 'all'], 'a')).toEqual(['none', 'at', 'all']);
  });
});
