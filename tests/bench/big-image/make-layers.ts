import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAGES } from './contents.ts';

/** A layer as an uncompressed tar, and the step that made it. */
export interface MadeLayer {
  path: string;
  createdBy: string;
}

/**
 * Makes a Debian 12 in stages and writes after each stage what it changed as a layer. Needs root, mmdebstrap, npm,
 * Maven, Go and pip, and the mirrors and registries that these are set up with.
 */
export function makeLayers(folder: string): MadeLayer[] {
  const work = join(folder, 'work');
  const root = join(folder, 'root');
  mkdirSync(work, { recursive: true });
  const stages = [{ createdBy: 'ADD rootfs.tar /', script: ':' }, ...STAGES];
  const hooks = stages.map(({ script }, index) => {
    const path = join(work, `stage-${index}.sh`);
    writeFileSync(path, stageScript(folder, index, script));
    chmodSync(path, 0o755);
    return `--customize-hook=${path}`;
  });
  try {
    execFileSync(
      'mmdebstrap',
      ['--mode=root', '--variant=minbase', '--include=ca-certificates,curl,openssl', ...hooks, 'bookworm', root],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(work, { recursive: true, force: true });
  }
  return stages.map(({ createdBy }, index) => ({ path: layerPath(folder, index), createdBy }));
}

/**
 * Runs the stage, then packs what has changed since the stage before: a package's files keep the times of their
 * making, so the time of change of the inode decides. Paths that are gone become whiteouts.
 */
function stageScript(folder: string, index: number, script: string): string {
  const work = join(folder, 'work');
  return `#!/bin/bash
set -euo pipefail
ROOT=$1 WORK=${work}
(
${script}
)
cd "$ROOT"
seen() { find . -xdev ! -path './dev/*' ! -path './proc/*' ! -path './sys/*' ! -path './tmp/*' ! -path './var/lib/apt/lists/*' ! -path './var/cache/apt/*' ! -type s "$@"; }
seen | LC_ALL=C sort > "$WORK"/paths-${index}
seen ${index === 0 ? '' : `-cnewer "$WORK"/stamp`} -print0 | LC_ALL=C sort -z |
  tar --null --no-recursion --numeric-owner --files-from=- -cf ${layerPath(folder, index)}
${
  index === 0
    ? ''
    : `rm -rf "$WORK"/gone && mkdir "$WORK"/gone
LC_ALL=C comm -23 "$WORK"/paths-${index - 1} "$WORK"/paths-${index} | while IFS= read -r path; do
  mkdir -p "$WORK/gone/$(dirname "$path")" && : > "$WORK/gone/$(dirname "$path")/.wh.$(basename "$path")"
done
(cd "$WORK"/gone && find . -type f -print0 | tar --null --no-recursion --files-from=- -rf ${layerPath(folder, index)})`
}
sleep 0.1
touch "$WORK"/stamp
`;
}

function layerPath(folder: string, index: number): string {
  return join(folder, `layer-${index}.tar`);
}
