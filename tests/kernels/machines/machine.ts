import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A processor that is emulated, and where the programs come from that run on it. */
export interface Machine {
  processor: 'x86-64' | 'arm64';
  /** What emulates it, with its options; its first serial port is `console`. */
  emulator: readonly [command: string, ...options: string[]];
  console: string;
  /** Makes programs for it. */
  compiler: string;
  /** Makes programs of 32 bits for it, where one of 64 bits cannot make their calls. */
  compilerOf32Bits?: string;
  /** Debian's packages of its kernels, `linux-image-*.deb`. */
  kernels: readonly string[];
  /** What this machine lacks for it; empty where it can run. */
  lacks: string;
  /** Puts Busybox, Node, libbpf and what they are linked with into a guest's files, and koffi's part for this processor. */
  fill(root: string): void;
}

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where kernels lie. */
export const FOLDER_OF_KERNELS =
  process.env['BREAKWATER_KERNELS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'breakwater-kernels');

export const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : [];

export const kernelsIn = (folder: string): string[] =>
  filesOf(folder).filter((path) => /\/linux-image-[^/]*\.deb$/.test(path));

/** Commands that are not installed, in words. */
export function lackOf(...commands: string[]): string {
  const missing = ['cpio', 'dpkg-deb', ...commands].filter((command) => spawnSync('which', [command]).status !== 0);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : '';
}
