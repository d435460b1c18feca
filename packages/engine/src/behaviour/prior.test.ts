import { type BehaviourProfile, DIMENSIONS, ReleaseFacts } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { covers } from './covers.ts';
import { declaredPrior, recordedPrior } from './prior.ts';

const FACTS = ReleaseFacts.parse({
  id: 'r1',
  filesKnown: true,
  files: [
    { path: '/usr/bin/dash', kind: 'executable', links: ['/bin/sh', '/usr/bin/sh'] },
    { path: '/usr/sbin/nginx', kind: 'executable' },
    { path: '/usr/bin/pg_isready', kind: 'executable' },
    { path: '/entry.sh', kind: 'script', interpreter: '/bin/sh' },
    { path: '/usr/local/bin/tool', kind: 'script', interpreter: '/usr/bin/env node' },
    { path: '/usr/local/bin/node', kind: 'executable' },
    { path: '/bin/busybox', kind: 'executable', links: ['/bin/wget'] },
  ],
  entrypoint: ['/entry.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  searchPath: ['/usr/local/bin', '/usr/sbin', '/usr/bin', '/bin'],
  user: '0',
  ports: ['80/TCP'],
  peers: ['db.shop.svc:5432', 'cache'],
  probes: ['pg_isready', 'wget', '8080/TCP'],
});

function profileOf(facts: ReleaseFacts): BehaviourProfile {
  const behaviours = declaredPrior(facts).behaviours.map(({ behaviour }) => behaviour);
  return { subject: 's', origin: 'declared', partial: false, dimensions: [...DIMENSIONS], behaviours };
}

describe('what is declared', () => {
  const profile = profileOf(FACTS);
  const exec = (actor: string, object: string) => ({ dimension: 'exec' as const, actor, parent: '', object });

  it.each([
    ['the entrypoint', exec('', '/entry.sh')],
    ['what runs it, as the kernel names it', exec('', '/usr/bin/dash')],
    ['what it hands over to, beside it', exec('/usr/bin/dash', '/usr/sbin/nginx')],
    ['what it hands over to, in its place', exec('', '/usr/sbin/nginx')],
    ['a probe', exec('', '/usr/bin/pg_isready')],
    ['a probe that is one of many programs in a file', { ...exec('', '/bin/busybox'), applet: 'wget' }],
    [
      'the user',
      { dimension: 'privilege' as const, actor: '/usr/sbin/nginx', parent: '/usr/bin/dash', object: 'uid 0' },
    ],
    ['a port', { dimension: 'listen' as const, actor: '/usr/sbin/nginx', parent: '', object: '80/TCP' }],
    ['a peer', { dimension: 'connect' as const, actor: '/usr/sbin/nginx', parent: '', object: 'db.shop.svc:5432/TCP' }],
  ])('is %s', (_, behaviour) => {
    expect(covers(profile, behaviour)).toBe(true);
  });

  it.each([
    ['a program that is only there', exec('', '/usr/local/bin/node')],
    ['a shell that somebody else starts', exec('/usr/sbin/nginx', '/usr/bin/dash')],
    ['another program of the same file', { ...exec('', '/bin/busybox'), applet: 'nc' }],
    ['another port', { dimension: 'listen' as const, actor: '/usr/sbin/nginx', parent: '', object: '4444/TCP' }],
  ])('is not %s', (_, behaviour) => {
    expect(covers(profile, behaviour)).toBe(false);
  });

  it('follows env to what runs a script', () => {
    const tool = profileOf({ ...FACTS, entrypoint: ['tool'], command: [] });
    expect(covers(tool, exec('', '/usr/local/bin/node'))).toBe(true);
  });

  it('says why, of each', () => {
    for (const { origin, reason } of declaredPrior(FACTS).behaviours) {
      expect(origin).toBe('declared');
      expect(reason).toMatch(/^(?:the image|the manifest|its configuration) /);
    }
  });

  it('is nothing where nothing is known', () => {
    expect(declaredPrior(ReleaseFacts.parse({ id: 'none' })).behaviours).toEqual([]);
  });
});

describe('what was recorded', () => {
  it('is known as recorded', () => {
    const behaviour = { dimension: 'exec' as const, actor: '', parent: '', object: '/bin/app' };
    const recording: BehaviourProfile = {
      ...{ subject: 'i', origin: 'recorded', partial: false, dimensions: ['exec'], behaviours: [behaviour] },
    };
    expect(recordedPrior(recording).behaviours).toEqual([
      { behaviour, origin: 'recorded', reason: "the image's own tests did so" },
    ]);
  });
});
