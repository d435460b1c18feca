import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FOLDER_OF_KERNELS, kernelsIn, lackOf, type Machine, ROOT } from './machine.ts';

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync) ?? '';
const LIBRARIES = ['libbpf.so.1', 'libc.so.6'];
const KOFFI = '@koromix/koffi-linux-x64';
const PACKAGES = kernelsIn(FOLDER_OF_KERNELS);

/** Its guests have the programs of this machine. */
export const X86_64: Machine = {
  processor: 'x86-64',
  emulator: ['qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', '1536'],
  console: 'ttyS0',
  compiler: 'gcc',
  kernels: PACKAGES,
  lacks: lacks(),
  fill(root) {
    copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
    copyFileSync(process.execPath, join(root, 'bin/node'));
    copyNeeded(process.execPath, root);
    for (const name of LIBRARIES) copyLibrary(name, root);
    cpSync(join(ROOT, 'node_modules', KOFFI), join(root, 'app/node_modules', KOFFI), { recursive: true });
  },
};

function lacks(): string {
  const missing = lackOf('qemu-system-x86_64', 'gcc');
  if (missing !== '') return missing;
  if (BUSYBOX === '') return 'no busybox (Debian: busybox-static)';
  return PACKAGES.length > 0 ? '' : `no kernels in ${FOLDER_OF_KERNELS}: apt-get download linux-image-...-cloud-amd64`;
}

function copyLibrary(name: string, root: string): void {
  const path = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/lib64']
    .map((folder) => join(folder, name))
    .find(existsSync);
  if (path === undefined) throw new Error(`no ${name}`);
  mkdirSync(join(root, 'lib/x86_64-linux-gnu'), { recursive: true });
  copyFileSync(path, join(root, 'lib/x86_64-linux-gnu', name));
  copyNeeded(path, root);
}

/** The libraries that a file is linked with. */
function copyNeeded(path: string, root: string): void {
  const needed = spawnSync('ldd', [path], { encoding: 'utf8' }).stdout.matchAll(/(\/\S+)/g);
  for (const [, library = ''] of needed) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}
