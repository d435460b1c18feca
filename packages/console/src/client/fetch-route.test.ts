import { describe, expect, it } from 'vitest';
import { routeAddress } from './fetch-route.ts';

describe('routeAddress', () => {
  it('encodes an id as one segment, slashes and percent signs included', () => {
    expect(routeAddress('/api/workloads/{id}', { segments: { id: 'a/b/Deployment/c' } })).toBe(
      '/api/workloads/a%2Fb%2FDeployment%2Fc',
    );
    expect(routeAddress('/api/findings/{key}', { segments: { key: 'a%7Cb|c' } })).toBe('/api/findings/a%257Cb%7Cc');
  });

  it('leaves out what is not asked', () => {
    expect(routeAddress('/api/workloads', { query: { search: '', cluster: undefined, limit: 50 } })).toBe(
      '/api/workloads?limit=50',
    );
    expect(routeAddress('/api/summary')).toBe('/api/summary');
  });
});
