import { describe, expect, it } from 'vitest';
import { changeQuery, findingAddress, idInPath, keepScope, workloadAddress } from './addresses.ts';

describe('addresses', () => {
  it.each(['demo/shop/Deployment/cart', 'a%7Cb|CVE-2021-44228|pkg:maven/x/y?z=1#w', 'ümläut / space'])(
    'carry %s there and back',
    (id) => {
      expect(idInPath(workloadAddress(id), '/workloads/')).toBe(id);
      expect(idInPath(findingAddress(id), '/findings/')).toBe(id);
    },
  );

  it('answer with nothing for a path that cannot be decoded', () => {
    expect(idInPath('/workloads/%E0%A4%A', '/workloads/')).toBe('');
  });
});

describe('changeQuery', () => {
  it('sets and takes away, and leaves the rest', () => {
    expect(changeQuery('?cluster=a&fix=1', { fix: undefined, finding: 'k|%' })).toBe('?cluster=a&finding=k%7C%25');
    expect(changeQuery('?fix=1', { fix: undefined })).toBe('');
  });
});

describe('keepScope', () => {
  it('drops what belongs to one page only', () => {
    expect(keepScope('?cluster=a&namespace=b&fix=2&search=x')).toBe('?cluster=a&namespace=b');
  });
});
