import type { ReachRow } from '@breakwater/app/reach';
import { describe, expect, it } from 'vitest';
import { foldRows } from './fold-rows.ts';

const WORKLOADS = ['shop/Pod/a', 'shop/Pod/b', 'shop/Pod/c', 'shop/Pod/d', 'one/Pod/x'];
const all = (from: readonly string[], to: readonly string[], ports = 'every port'): ReachRow[] =>
  from.flatMap((source) => to.filter((one) => one !== source).map((one) => ({ from: source, to: one, ports })));
const shop = WORKLOADS.slice(0, 4);

describe('rows of whole namespaces', () => {
  it('are one where every workload may do the same, a workload towards itself aside', () => {
    expect(foldRows(all(WORKLOADS, WORKLOADS), WORKLOADS)).toEqual([
      { from: 'shop/*', to: 'shop/*', ports: 'every port' },
      { from: 'shop/*', to: 'one/Pod/x', ports: 'every port' },
      { from: 'one/Pod/x', to: 'shop/*', ports: 'every port' },
    ]);
  });

  it('stay apart where one of them is missing, has other ports or is on another network', () => {
    const missing = all(['one/Pod/x'], shop.slice(1));
    expect(foldRows(missing, WORKLOADS)).toEqual(missing);
    const other = [...all(['one/Pod/x'], shop.slice(1)), ...all(['one/Pod/x'], shop.slice(0, 1), 'TCP 80')];
    expect(foldRows(other, WORKLOADS)).toEqual(other);
    const outside = shop.map((to) => ({ from: 'outside (any address)', to, ports: 'TCP 80' }));
    expect(foldRows(outside, WORKLOADS)).toEqual([{ from: 'outside (any address)', to: 'shop/*', ports: 'TCP 80' }]);
    expect(foldRows(outside.slice(1), WORKLOADS)).toEqual(outside.slice(1));
  });
});
