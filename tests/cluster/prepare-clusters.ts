import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildControlPlane, findControlPlane } from './control-plane.ts';

/** Builds the control plane where that is possible, and ends what a test that broke down left running. */
export default function prepareClusters(): () => void {
  buildControlPlane();
  const plane = findControlPlane();
  if (plane.kind === 'none') console.warn(`tests/cluster is skipped: ${plane.reason}.`);
  const states = mkdtempSync(join(tmpdir(), 'breakwater-clusters-'));
  process.env['BREAKWATER_CLUSTER_STATES'] = states;
  return () => {
    for (const name of readdirSync(states)) {
      if (plane.kind === 'own') spawnSync(join(plane.scripts, 'stop.sh'), [join(states, name)]);
    }
    rmSync(states, { recursive: true, force: true });
  };
}
