import { describe, expect, it } from 'vitest';
import { isSubjectOf, subjectOfWorkload, subjectWithoutCluster, workloadOfSubject } from './subject.ts';

const cart = { namespace: 'shop', kind: 'Deployment', name: 'cart' };

describe('a subject', () => {
  it.each([
    [undefined, 'shop/Deployment/cart'],
    ['', 'shop/Deployment/cart'],
    ['default', 'shop/Deployment/cart'],
    ['east', 'east/shop/Deployment/cart'],
    ['arn:aws:eks:eu-west-1:1:cluster/east', 'arn:aws:eks:eu-west-1:1:cluster/east/shop/Deployment/cart'],
  ])('in cluster %s is %s, and is read again', (cluster, subject) => {
    expect(subjectOfWorkload({ ...cart, ...(cluster !== undefined && { cluster }) })).toBe(subject);
    const named = subject === 'shop/Deployment/cart' ? {} : { cluster };
    expect(workloadOfSubject(subject)).toEqual({ ...named, ...cart });
    expect(subjectWithoutCluster(subject)).toBe('shop/Deployment/cart');
  });

  it.each(['nginx', 'docker.io/library/nginx', 'registry.example:5000/team/shop/cart:1', 'sha256:00', ''])(
    'that is an image names no workload: %s',
    (image) => {
      expect(workloadOfSubject(image)).toBeUndefined();
      expect(subjectWithoutCluster(image)).toBe(image);
    },
  );

  it('is of a workload of another cluster only where one of both names none', () => {
    const east = { ...cart, cluster: 'east' };
    expect(isSubjectOf('east/shop/Deployment/cart', east)).toBe(true);
    expect(isSubjectOf('shop/Deployment/cart', east)).toBe(true);
    expect(isSubjectOf('west/shop/Deployment/cart', { ...cart, cluster: 'default' })).toBe(true);
    expect(isSubjectOf('west/shop/Deployment/cart', east)).toBe(false);
    expect(isSubjectOf('east/shop/StatefulSet/cart', east)).toBe(false);
    expect(isSubjectOf('shop/cart:1', east)).toBe(false);
  });
});
