import type { Behaviour, BehaviourProfile, RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { behavioursOf, covers, profileOf } from './index.ts';

const event = (type: RuntimeEvent['type'], minute: number, facts: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`,
  type,
  container: { id: 'c1', name: 'web', imageDigest: 'sha256:1' },
  process: { path: '/usr/sbin/nginx', arguments: '', inImage: true },
  ...facts,
});
const open = (minute: number, path: string): RuntimeEvent =>
  event('open', minute, { file: { path, access: 'read', inImage: true } });

const EVENTS = [open(5, '/etc/hosts'), event('exec', 2), open(3, '/etc/hosts'), open(4, '/data/1'), open(4, '/data/2')];

describe('a recorded profile', () => {
  it('is the set of what was done, whatever came first and however often', () => {
    const profile = profileOf(EVENTS, 'shop/Deployment/web');
    expect(profile).toMatchObject({
      subject: 'shop/Deployment/web',
      container: 'web',
      imageDigest: 'sha256:1',
      origin: 'recorded',
      from: '2026-11-22T10:02:00.000Z',
      until: '2026-11-22T10:05:00.000Z',
      partial: false,
      dimensions: ['exec', 'open', 'connect', 'listen', 'privilege'],
    });
    expect(profile.behaviours.map(({ object }) => object).sort()).toEqual(['/data/*', '/etc/hosts', '/usr/sbin/nginx']);
    expect(profileOf([...EVENTS, ...EVENTS].reverse(), 'shop/Deployment/web')).toEqual(profile);
  });

  it('covers everything that it was made of', () => {
    const profile = profileOf(EVENTS, 'x');
    expect(EVENTS.flatMap(behavioursOf).filter((behaviour) => !covers(profile, behaviour))).toEqual([]);
    expect(behavioursOf(open(1, '/etc/shadow')).some((behaviour) => covers(profile, behaviour))).toBe(false);
  });

  it('says nothing was done of what its source says that it tells, and nobody tells', () => {
    const watch = event('watch', 1, { watch: { dimensions: ['exec', 'capability', 'syscall'], isWhole: true } });
    expect(profileOf([watch, ...EVENTS], 'x').dimensions).toContain('capability');
    expect(profileOf(EVENTS, 'x').dimensions).not.toContain('capability');
  });

  it('is partial where events were lost', () => {
    expect(profileOf([...EVENTS, event('loss', 6, { lost: 7 })], 'x').partial).toBe(true);
  });

  it('holds nothing that was stopped, or would have been', () => {
    const stopped = event('connect', 1, {
      peer: { address: '1.2.3.4', port: 1, protocol: 'TCP' },
      prevention: 'audited',
    });
    expect(profileOf([stopped], 'x').behaviours).toEqual([]);
  });

  it('names no container and no image where there were several, and says nothing of dimensions that a source does not tell', () => {
    const other = event('exec', 1, { source: 'falco', container: { name: 'db', imageDigest: 'sha256:2' } });
    const profile = profileOf([other, { ...other, container: { name: 'x', imageDigest: 'sha256:3' } }], 'x');
    expect([profile.container, profile.imageDigest, profile.dimensions]).toEqual([undefined, undefined, ['exec']]);
    expect(profileOf([], 'x')).toMatchObject({ dimensions: [], behaviours: [], partial: false });
  });
});

describe('what a profile covers', () => {
  const exec = (facts: Partial<Behaviour> = {}): Behaviour => ({
    dimension: 'exec',
    actor: '/bin/sh',
    parent: '',
    object: '/bin/ls',
    ...facts,
  });
  const read = (parent: string): Behaviour => ({
    dimension: 'open',
    actor: '/bin/cat',
    parent,
    access: 'read',
    object: '/etc/hosts',
  });
  const profile = (origin: BehaviourProfile['origin'], ...behaviours: Behaviour[]): BehaviourProfile => ({
    subject: 'x',
    origin,
    partial: false,
    dimensions: ['exec', 'open'],
    behaviours,
  });

  it.each([
    [true, true, true],
    [true, undefined, true],
    [true, false, false],
    [undefined, true, true],
    [undefined, undefined, true],
    [undefined, false, false],
    [false, true, false],
    [false, undefined, true],
    [false, false, true],
  ])('of a program known as in the image (%s), the same one seen so (%s): %s', (known, seen, isCovered) => {
    const of = (inImage: boolean | undefined): Behaviour => exec(inImage === undefined ? {} : { inImage });
    expect(covers(profile('recorded', of(known)), of(seen))).toBe(isCovered);
  });

  it.each([
    ['recorded', '/bin/sh', '/bin/sh', true],
    ['recorded', '/bin/sh', '/bin/bash', false],
    ['recorded', '/bin/sh', '', true],
    ['recorded', '', '/bin/sh', false],
    ['written', '', '/bin/sh', true],
    ['declared', '', '/bin/sh', true],
    ['written', '/bin/sh', '/bin/bash', false],
  ] as const)('of what is %s of a child of "%s", a child of "%s": %s', (origin, known, seen, isCovered) => {
    expect(covers(profile(origin, read(known)), read(seen))).toBe(isCovered);
  });

  it.each([
    ['sh', 'sh', true],
    ['sh', 'wget', false],
    ['sh', undefined, true],
    [undefined, 'wget', true],
    [undefined, undefined, true],
  ])('of a file that is many programs, known as %s and seen as %s: %s', (known, seen, isCovered) => {
    const of = (applet: string | undefined): Behaviour => exec({ object: '/bin/busybox', ...(applet && { applet }) });
    expect(covers(profile('recorded', of(known)), of(seen))).toBe(isCovered);
  });
});
