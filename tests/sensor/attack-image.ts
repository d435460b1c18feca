import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_SENSOR, SampleImage } from './sample-container.ts';

const SOURCE = fileURLToPath(new URL('attacks/attack.c', import.meta.url));

/** What this machine lacks for attacks on containers; empty where they can be tried. */
export const NO_ATTACKS = NO_SENSOR !== '' ? NO_SENSOR : spawnSync('gcc', ['--version']).status === 0 ? '' : 'no gcc';

/** A suite's title, with the reason where it is left out. */
export const withAttacks = (title: string): string =>
  NO_ATTACKS === '' ? title : `${title} (left out: ${NO_ATTACKS})`;

/** An image with attacks.c in it, once with the setuid bit, a credential, and a folder that only root may write. */
export function makeAttackImage(name: string): SampleImage {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  const attack = join(folder, 'attack');
  try {
    execFileSync('gcc', ['-O1', '-static', '-no-pie', '-o', attack, SOURCE]);
    return new SampleImage(name, (root) => {
      for (const [path, mode] of [
        ['app/attack', 0o755],
        ['app/attack-setuid', 0o4755],
      ] as const) {
        copyFileSync(attack, join(root, path));
        chmodSync(join(root, path), mode);
      }
      for (const path of ['root/.ssh', 'mnt', 'run', 'safe']) mkdirSync(join(root, path), { recursive: true });
      chmodSync(join(root, 'safe'), 0o700);
      chmodSync(join(root, 'tmp'), 0o1777);
      writeFileSync(join(root, 'root/.ssh/id_rsa'), 'not a secret\n');
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
