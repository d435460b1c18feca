import { describe, expect, it } from 'vitest';
import { rebasePatch } from './rebase-patch.ts';

const PATCH =
  '--- a/k8s/cart.yaml\n+++ b/k8s/cart.yaml\n@@ -1,3 +1,3 @@\n kind: Pod\n--- a/k8s/trap\n+++ b/k8s/trap\n end\n';

describe('a patch from another folder', () => {
  it('stays as it is where the folders are one', () => {
    expect(rebasePatch(PATCH, '/home/u/estate', '/home/u/estate')).toBe(PATCH);
  });

  it('names files from the new folder and leaves changed lines alone', () => {
    const moved = rebasePatch(PATCH, '/home/u/estate', '/home/u');
    expect(moved).toContain('--- a/estate/k8s/cart.yaml\n+++ b/estate/k8s/cart.yaml\n');
    expect(moved).toContain('\n--- a/k8s/trap\n+++ b/k8s/trap\n');
  });

  it('is none where a file would be outside', () => {
    expect(rebasePatch(PATCH, '/home/u/estate', '/home/u/estate/other')).toBeUndefined();
  });
});
