import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { subjectOf } from './subject-of.ts';

const NOTHING = { source: 'sensor', time: '', type: 'exec' } as const;
const pod = (name: string, labels: Record<string, string> = {}, more: object = {}): RuntimeEvent => ({
  ...NOTHING,
  pod: { namespace: 'shop', name, labels, ...more },
});

describe('the subject of an event', () => {
  it.each<[string, RuntimeEvent, string | undefined]>([
    [
      'the owner that the source names',
      pod('x', {}, { workload: 'cart', workloadKind: 'StatefulSet' }),
      'shop/StatefulSet/cart',
    ],
    ['a Deployment, by the name of its pod', pod('cart-api-5d4f8b7c9d-x2lkp'), 'shop/Deployment/cart-api'],
    ['a StatefulSet, by a label', pod('db-0', { 'statefulset.kubernetes.io/pod-name': 'db-0' }), 'shop/StatefulSet/db'],
    ['a DaemonSet, by a label', pod('log-x2lkp', { 'pod-template-generation': '1' }), 'shop/DaemonSet/log'],
    ['a Job', pod('copy-x2lkp', { 'job-name': 'copy' }), 'shop/Job/copy'],
    [
      'a CronJob, whose jobs are new ones each time',
      pod('b-28912345-x2lkp', { 'job-name': 'b-28912345' }),
      'shop/CronJob/b',
    ],
    [
      'the Deployment behind the set that the source names',
      pod('cart-5d4f8b7c9d-x2lkp', {}, { workload: 'cart-5d4f8b7c9d', workloadKind: 'ReplicaSet' }),
      'shop/Deployment/cart',
    ],
    [
      'a set that somebody named so',
      pod('cart-x2lkp', {}, { workload: 'cart', workloadKind: 'ReplicaSet' }),
      'shop/ReplicaSet/cart',
    ],
    ['what the pod is called for, without a kind', pod('db-0', {}, { workload: 'db' }), 'shop/StatefulSet/db'],
    ['one on each node, without a kind', pod('log-x2lkp', {}, { workload: 'log' }), 'shop/DaemonSet/log'],
    ['any other, without a kind', pod('cart-x-y', {}, { workload: 'cart' }), 'shop/Deployment/cart'],
    ['the pod itself, without a kind', pod('cart', {}, { workload: 'cart' }), 'shop/Pod/cart'],
    ['a pod of nobody', pod('db-0'), 'shop/Pod/db-0'],
    ['a pod whose name only looks like it', pod('mail-server-alpha'), 'shop/Pod/mail-server-alpha'],
    ['an image', { ...NOTHING, container: { id: 'c', image: 'shop/web:1' } }, 'shop/web:1'],
    ['nothing, outside of containers', NOTHING, undefined],
  ])('is %s', (_, event, subject) => {
    expect(subjectOf(event)).toBe(subject);
  });
});
