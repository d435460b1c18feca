import type { Behaviour, BehaviourProfile, JsonObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompileTarget, Confinement, ConfineOptions } from './compile-target.ts';
import { COMPILE_TARGETS, replay } from './index.ts';
import { another, webProfile } from './profile/profile.fixture.ts';

const OPTIONS: ConfineOptions = { step: 'block', selector: { app: 'web' } };

const compileTo = (name: string, profile = webProfile(), options: ConfineOptions = OPTIONS): Confinement =>
  COMPILE_TARGETS.find((target) => target.name === name)!.confine!(profile, options);

const specOf = (name: string, profile?: BehaviourProfile, options?: ConfineOptions): JsonObject =>
  compileTo(name, profile, options).objects[0]!['spec'] as JsonObject;

const CONFINING = COMPILE_TARGETS.filter(({ confine }) => confine !== undefined) as Required<CompileTarget>[];

describe.each(CONFINING)('the target $name', ({ confine }) => {
  it('would have refused nothing of what the profile holds', () => {
    const profile = webProfile();
    const recorded = profile.behaviours.map((behaviour) => ({ behaviour, count: 3 }));
    const { observed, judged, refused } = replay(confine(profile, OPTIONS), recorded);
    expect(refused).toEqual([]);
    expect(observed).toBe(3 * profile.behaviours.length);
    expect(judged).toBeLessThanOrEqual(observed);
  });

  it('says in words what it cannot express', () => {
    const { gaps } = confine(webProfile(), OPTIONS);
    expect(gaps.length).toBeGreaterThan(0);
    for (const { message } of gaps) expect(message).toMatch(/^[A-Z0-9_a-z'].{15,}/s);
  });

  it('restricts nothing that the profile does not tell of, and says so', () => {
    const empty = webProfile({ dimensions: [], behaviours: [] });
    const confinement = confine(empty, OPTIONS);
    const strange = [
      another('exec', '/tmp/x'),
      another('connect', 'internet:4444/TCP'),
      another('capability', 'CAP_SYS_ADMIN'),
    ];
    expect(strange.map((behaviour) => confinement.judge(behaviour))).not.toContain('refused');
    expect(confinement.gaps.some(({ message }) => message.startsWith('The profile does not tell of'))).toBe(true);
  });

  it('warns of a recording with gaps', () => {
    const { gaps } = confine(webProfile({ partial: true }), OPTIONS);
    expect(gaps.some(({ message }) => message.startsWith('The recording has gaps'))).toBe(true);
  });

  it('lets whatever it was compiled from, whatever that is', () => {
    const objects: Record<string, fc.Arbitrary<string>> = {
      exec: fc.constantFrom('/bin/a', '/opt/b c', '/usr/bin/python3'),
      open: fc.constantFrom('/etc/x.conf', '/data/*', '/var/*/y', '/tmp/*', '/x'),
      connect: fc.constantFrom(
        'a.example:1/TCP',
        '1.2.3.4:5/UDP',
        'private:6/TCP',
        'internet:*/TCP',
        'unix:/a',
        '[::1]:7/TCP',
      ),
      listen: fc.constantFrom('80/TCP', '53/UDP', '*/TCP'),
      capability: fc.constantFrom('CAP_CHOWN', 'CAP_NET_RAW', 'CAP_SETUID'),
      privilege: fc.constantFrom('uid 0', 'uid 101', 'setuid 0', 'mount proc /x', 'setuid 0 failed'),
    };
    const behaviour = fc.constantFrom(...Object.keys(objects)).chain((dimension) =>
      fc.record({
        dimension: fc.constant(dimension as Behaviour['dimension']),
        actor: fc.constantFrom('', '/bin/a', '/usr/bin/python3'),
        parent: fc.constantFrom('', '/bin/a'),
        object: objects[dimension]!,
        access: fc.constantFrom('read' as const, 'write' as const, 'create' as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(behaviour, { maxLength: 12 }), (behaviours) => {
        const dimensions = [...new Set(behaviours.map(({ dimension }) => dimension))];
        const confinement = confine(webProfile({ behaviours, dimensions }), OPTIONS);
        expect(
          replay(
            confinement,
            behaviours.map((one) => ({ behaviour: one, count: 1 })),
          ).refused,
        ).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a NetworkPolicy', () => {
  it('opens the ports that it listens on, and the ends that it connects to', () => {
    expect(specOf('network-policy')).toEqual({
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: 80 }] }],
      egress: [
        {
          ports: [
            { protocol: 'TCP', port: 53 },
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 5432 },
          ],
        },
        { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ protocol: 'TCP', port: 80 }] },
        {
          to: [
            {
              ipBlock: {
                cidr: '0.0.0.0/0',
                except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
              },
            },
            { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
          ],
          ports: [{ protocol: 'TCP', port: 443 }],
        },
      ].sort((a, b) => a.ports[0]!.port - b.ports[0]!.port),
    });
  });

  it.each([
    ['internet:4444/TCP', 'refused'],
    ['203.0.113.7:443/TCP', 'allowed'],
    ['10.1.2.3:443/TCP', 'refused'],
    ['elsewhere.example:5432/TCP', 'allowed'],
    ['169.254.169.254:8080/TCP', 'refused'],
    ['loopback:1/TCP', 'open'],
    ['unix:/run/docker.sock', 'open'],
  ])('judges a connection to %s: %s', (object, judgement) => {
    expect(compileTo('network-policy').judge(another('connect', object))).toBe(judgement);
  });

  it('is not written where it is not known which pods it is for', () => {
    const { objects, gaps } = compileTo('network-policy', webProfile(), { step: 'block' });
    expect(objects).toEqual([]);
    expect(gaps[0]?.message).toContain('give their manifest, or their labels');
  });
});

describe('a security context', () => {
  it('drops what the profile does not use, and keeps the root writable where it is written', () => {
    const { objects, gaps } = compileTo('security-context');
    const containers = [
      {
        name: 'nginx',
        securityContext: {
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] },
        },
      },
    ];
    expect(objects).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { template: { spec: { containers } } },
      },
    ]);
    expect(gaps.map(({ message }) => message)).toContain(
      'It writes outside of its mounts (/var/cache/nginx/*/*, /var/log/nginx/*): mount volumes there, then readOnlyRootFilesystem can be set.',
    );
  });

  it('makes the root read-only where nothing is written there, and then refuses what is', () => {
    const behaviours = webProfile().behaviours.filter(({ access }) => access === undefined || access === 'read');
    const confinement = compileTo('security-context', webProfile({ behaviours }));
    expect(JSON.stringify(confinement.objects)).toContain('"readOnlyRootFilesystem":true');
    expect(confinement.judge(another('open', '/usr/bin/x', { access: 'create' }))).toBe('refused');
    expect(confinement.judge(another('open', '/dev/null', { access: 'write' }))).toBe('allowed');
  });

  it('leaves alone who becomes root by a program that is setuid, and who runs as root', () => {
    const sudo: Behaviour = {
      dimension: 'privilege',
      actor: '/usr/bin/sudo',
      parent: '/usr/sbin/nginx',
      object: 'uid 0',
    };
    const gaining = webProfile({ behaviours: [...webProfile().behaviours, sudo] });
    const { objects, gaps } = compileTo('security-context', gaining);
    expect(JSON.stringify(objects)).not.toMatch(/allowPrivilegeEscalation|runAsNonRoot/);
    expect(gaps.map(({ message }) => message).join('\n')).toContain('It gains privileges (/usr/bin/sudo: uid 0)');
  });
});

describe('a TracingPolicy of Tetragon', () => {
  it('refuses other programs in the container, and tells of other ports and calls', () => {
    const spec = specOf('tetragon');
    expect(spec).toMatchObject({
      podSelector: { matchLabels: { app: 'web' } },
      containerSelector: { matchExpressions: [{ key: 'name', operator: 'In', values: ['nginx'] }] },
      lsmhooks: [
        {
          hook: 'bprm_check_security',
          args: [{ index: 0, type: 'linux_binprm' }],
          selectors: [
            {
              matchArgs: [{ index: 0, operator: 'NotEqual', values: ['/usr/bin/curl', '/usr/sbin/nginx'] }],
              matchActions: [{ action: 'Override', argError: -1 }],
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(spec['kprobes'])).toContain('"values":["80","443","5432"]');
    expect(JSON.stringify(spec['kprobes'])).toContain('"sys_unshare"');
    expect(compileTo('tetragon').judge(another('exec', '/tmp/x', { inImage: false }))).toBe('refused');
  });

  it('refuses nothing in audit, and lets the pause container of a pod be', () => {
    const { container: _, ...profile } = webProfile();
    const text = JSON.stringify(specOf('tetragon', profile, { ...OPTIONS, step: 'audit' }));
    expect(text).not.toContain('Override');
    expect(text).toContain('"/pause"');
  });
});

describe('a KubeArmorPolicy', () => {
  it('allows programs, folders that are written, protocols and capabilities', () => {
    expect(specOf('kubearmor')).toEqual({
      selector: { matchLabels: { app: 'web', 'kubearmor.io/container.name': '[nginx]' } },
      process: { matchPaths: [{ path: '/usr/bin/curl' }, { path: '/usr/sbin/nginx' }] },
      file: {
        matchDirectories: [
          { dir: '/', recursive: true, readOnly: true },
          { dir: '/dev/', recursive: true },
          { dir: '/proc/', recursive: true },
          { dir: '/var/cache/nginx/', recursive: true },
          { dir: '/var/log/nginx/', recursive: true },
        ],
      },
      // Who connects to a name asks for it over UDP, whether that was recorded or not.
      network: { matchProtocols: [{ protocol: 'TCP' }, { protocol: 'UDP' }] },
      capabilities: { matchCapabilities: [{ capability: 'chown' }] },
      action: 'Allow',
    });
  });

  it('says which annotation of the namespace makes it refuse', () => {
    expect(compileTo('kubearmor').gaps[0]?.message).toContain(
      'kubectl annotate namespace shop kubearmor-file-posture=block',
    );
  });
});

describe('a seccomp profile', () => {
  it('refuses calls that give power and are not in the profile', () => {
    const { judge, objects } = compileTo('seccomp');
    expect(objects[0]).toMatchObject({ defaultAction: 'SCMP_ACT_ALLOW' });
    expect(judge(another('privilege', 'mount proc /mnt/*'))).toBe('refused');
    expect(judge(another('privilege', 'ptrace'))).toBe('refused');
    const audit = JSON.stringify(compileTo('seccomp', webProfile(), { ...OPTIONS, step: 'audit' }).objects);
    expect([audit.includes('SCMP_ACT_LOG'), audit.includes('SCMP_ACT_ERRNO')]).toEqual([true, false]);
    const mounting = webProfile({ behaviours: [...webProfile().behaviours, another('privilege', 'mount tmpfs /x')] });
    expect(compileTo('seccomp', mounting).judge(another('privilege', 'mount tmpfs /x'))).toBe('allowed');
  });
});

describe.each(['tetragon', 'kubearmor'])('programs without a steady path, for %s', (target) => {
  const only = (...paths: string[]) =>
    webProfile({ dimensions: ['exec'], behaviours: paths.map((path) => another('exec', path)) });

  it('would be refused, and that is said', () => {
    const { gaps, judge } = compileTo(target, only('/bin/a', '/tmp/*'));
    expect(gaps.map(({ message }) => message)).toContain(
      'One program of the profile has no steady path, and would be refused.',
    );
    expect(judge(another('exec', '/tmp/x'))).toBe('refused');
  });

  it('are let where there are no others, and that is said', () => {
    const { gaps, judge, objects } = compileTo(target, only('/tmp/*'));
    expect(gaps.map(({ message }) => message).join(' ')).toContain('programs are not restricted');
    expect(judge(another('exec', '/tmp/x'))).toBe('open');
    expect(JSON.stringify(objects)).not.toContain('matchPaths');
  });
});

describe('the gaps of a seccomp profile', () => {
  const says = (profile: BehaviourProfile, step: 'audit' | 'block') =>
    compileTo('seccomp', profile, { ...OPTIONS, step }).gaps.some(({ message }) => message.includes('RuntimeDefault'));

  it('say where it lets what the default profile, in whose place it stands, refuses', () => {
    const unknowing = webProfile({ dimensions: ['exec'] });
    expect([says(webProfile(), 'audit'), says(unknowing, 'block'), says(webProfile(), 'block')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('a replay', () => {
  it('counts each behaviour as often as it was seen, and names what would have been refused', () => {
    const profile = webProfile();
    const miner = another('connect', 'pool.example:3333/TCP');
    const recorded = [
      { behaviour: profile.behaviours[0]!, count: 1000 },
      { behaviour: miner, count: 2 },
      { behaviour: another('listen', '80/TCP'), count: 5 },
    ];
    expect(replay(compileTo('network-policy'), recorded)).toEqual({
      observed: 1007,
      judged: 7,
      refused: [{ behaviour: miner, count: 2 }],
    });
  });
});
