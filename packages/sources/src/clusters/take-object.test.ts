import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChosenKind, chooseKinds } from './choose-kinds.ts';
import { parseAnswer } from './json-text.ts';
import type { ResourceKind } from './resource-kinds.ts';
import { takeObject } from './take-object.ts';

const resource = (name: string, group = '', verbs = ['get', 'list', 'watch']): ResourceKind => ({
  group,
  version: 'v1',
  kind: name,
  resource: name,
  namespaced: true,
  verbs,
});
const pods: ChosenKind = { ...resource('pods'), kind: 'Pod', content: 'whole' };
const secrets: ChosenKind = { ...resource('secrets'), kind: 'Secret', content: 'metadata' };
const object = (content: object) => ({
  metadata: { name: 'a', namespace: 'shop', uid: 'u', resourceVersion: '7' },
  ...content,
});

describe('an object that a server sent', () => {
  it('is completed, and placed where the API has it', () => {
    const taken = takeObject(object({ spec: { x: 1 } }), pods, 'east');
    expect(taken).toMatchObject({
      unknowns: [],
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'shop',
        name: 'a',
        cluster: 'east',
        uid: 'u',
        resourceVersion: '7',
        live: true,
        place: { source: 'cluster:east', path: '/api/v1/namespaces/shop/pods/a' },
        object: { apiVersion: 'v1', kind: 'Pod', spec: { x: 1 } },
      },
    });
  });

  it('keeps of a secret metadata alone, whatever was sent', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"c2VjcmV0"}}',
      team: 'shop',
    };
    const sent = { metadata: { name: 'a', annotations }, data: { p: 'c2VjcmV0' }, stringData: { p: 'secret' } };
    const text = JSON.stringify(takeObject(sent, secrets, 'east'));
    expect(text).toContain('"team":"shop"');
    expect(text).not.toMatch(/c2VjcmV0|"secret"|last-applied/);
  });

  it('that is none, has no name or is nested without end is an unknown', () => {
    let deep: object = {};
    for (let level = 0; level < 10_000; level += 1) deep = { a: deep };
    for (const sent of [null, 3, 'x', [], {}, { metadata: {} }, { metadata: { name: 5 } }, object({ spec: deep })]) {
      expect(takeObject(sent, pods, 'east')).toMatchObject({
        code: 'object-invalid',
        place: { source: 'cluster:east' },
      });
    }
  });

  it('never throws and changes no prototype', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        takeObject({ metadata: { name: 'a', managedFields: JSON.parse(text) }, spec: JSON.parse(text) }, pods, 'east');
        takeObject(JSON.parse(text), secrets, 'east');
      }),
    );
    const parsed = parseAnswer('{"metadata":{"name":"a","__proto__":{"polluted":true}},"__proto__":{"polluted":true}}');
    expect(takeObject(parsed, pods, 'east')).toMatchObject({ object: { name: 'a' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((parsed as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('kinds to read', () => {
  const names = (kinds: ResourceKind[], selection = {}) =>
    chooseKinds(kinds, selection).map(({ resource: name }) => name);

  it('are all that can be listed, without noise', () => {
    const all = [
      resource('pods'),
      resource('events'),
      resource('leases', 'coordination.k8s.io'),
      resource('widgets', 'x.example'),
      resource('reviews', '', ['create']),
    ];
    expect(names(all)).toEqual(['pods', 'widgets']);
  });

  it('may be chosen, and left out', () => {
    const all = [resource('pods'), resource('events'), resource('widgets', 'x.example')];
    expect(names(all, { only: ['events', 'widgets.x.example'] })).toEqual(['events', 'widgets']);
    expect(names(all, { except: ['widgets.x.example'] })).toEqual(['pods']);
  });

  it('read of secrets metadata alone, even where they were asked for', () => {
    expect(chooseKinds([resource('secrets')], { only: ['secrets'] })[0]).toMatchObject({ content: 'metadata' });
  });
});
