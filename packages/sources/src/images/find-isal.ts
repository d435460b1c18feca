import { existsSync } from 'node:fs';

const TRIPLETS: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/**
 * Where ISA-L is on this machine (`libisal2` of Debian and Ubuntu, `libisal` elsewhere): it unpacks gzip layers faster
 * than Node does. Undefined where it is not installed.
 */
export function findIsal(): string | undefined {
  const folders = [`/usr/lib/${TRIPLETS[process.arch]}`, '/usr/lib64', '/usr/lib', '/usr/local/lib'];
  return folders.map((folder) => `${folder}/libisal.so.2`).find((path) => existsSync(path));
}
