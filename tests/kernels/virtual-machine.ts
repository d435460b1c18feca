import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync) ?? '';
const KERNELS =
  process.env['BREAKWATER_KERNELS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'breakwater-kernels');
const LIBRARIES = ['libbpf.so.1', 'libc.so.6'];
const MINUTES = 10;

const has = (command: string): boolean => spawnSync('which', [command]).status === 0;

/** Debian's packages of kernels, `linux-image-*-cloud-amd64_*.deb`. */
export const KERNEL_PACKAGES: readonly string[] = existsSync(KERNELS)
  ? readdirSync(KERNELS)
      .filter((name) => /^linux-image-.*\.deb$/.test(name))
      .sort()
      .map((name) => join(KERNELS, name))
  : [];

/** What this machine lacks for virtual machines; empty where they can run. */
export const NO_KERNELS = ((): string => {
  const missing = ['qemu-system-x86_64', 'cpio', 'gcc', 'dpkg-deb'].filter((command) => !has(command));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  if (BUSYBOX === '') return 'no busybox (Debian: busybox-static)';
  return KERNEL_PACKAGES.length > 0 ? '' : `no kernels in ${KERNELS}: apt-get download linux-image-...-cloud-amd64`;
})();

/** What a kernel printed while it ran `program`, a file of this folder, as its first process; the machine ends with it. */
export async function runUnder(kernelPackage: string, program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    execFileSync('dpkg-deb', ['-x', kernelPackage, join(folder, 'package')]);
    const kernel = readdirSync(join(folder, 'package/boot')).find((name) => name.startsWith('vmlinuz-')) ?? '';
    const root = join(folder, 'root');
    fillRoot(root, join(folder, 'package'), program);
    const files = join(folder, 'files.cpio');
    execFileSync('sh', ['-c', `cd "$0" && find . | cpio --quiet -o -H newc > "$1"`, root, files]);
    return await boot(join(folder, 'package/boot', kernel), files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Busybox, Node, libbpf, the sensor's sources and the module for overlays: all that a container and its sensor need. */
function fillRoot(root: string, kernelFiles: string, program: string): void {
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp', 'o', 'modules', 'app/node_modules/@breakwater'])
    mkdirSync(join(root, name), { recursive: true });
  copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
  symlinkSync('busybox', join(root, 'bin/sh'));
  copyProgram(process.execPath, root, '/bin/node');
  for (const name of LIBRARIES) copyLibrary(name, root);
  copyModule(kernelFiles, 'overlay', root);
  for (const name of ['model', 'engine', 'sensor']) {
    for (const part of ['package.json', 'src', 'bpf'])
      if (existsSync(join(ROOT, 'packages', name, part)))
        cpSync(join(ROOT, 'packages', name, part), join(root, 'app/packages', name, part), { recursive: true });
    symlinkSync(`../../packages/${name}`, join(root, 'app/node_modules/@breakwater', name));
  }
  copyPackage('zod', root);
  copyPackage('koffi', root);
  const koffi = dirname(createRequire(join(ROOT, 'packages/sensor/package.json')).resolve('koffi'));
  for (const name of readdirSync(join(koffi, '..', '@koromix')).filter((one) => one.includes('linux-x64')))
    copyPackage(`@koromix/${name}`, root);
  cpSync(join(ROOT, 'tests/kernels', program), join(root, 'app', program));
  writeFileSync(join(root, 'app/package.json'), '{"type":"module"}');
  const attack = join(ROOT, 'tests/sensor/attacks/attack.c');
  execFileSync('gcc', ['-O1', '-static', '-no-pie', '-o', join(root, 'app/attack'), attack]);
  const start = [
    '#!/bin/sh',
    '/bin/busybox --install -s /bin',
    'mount -t proc none /proc; mount -t sysfs none /sys; mount -t devtmpfs none /dev; mount -t tmpfs none /tmp',
    'mount -t tmpfs none /o; mount -t securityfs none /sys/kernel/security; mount -t cgroup2 none /sys/fs/cgroup',
    'for module in /modules/*; do insmod $module; done',
    'ulimit -l unlimited; ip link set lo up',
    `node --disable-warning=ExperimentalWarning /app/${program} 2>&1`,
    'poweroff -f',
  ].join('\n');
  writeFileSync(join(root, 'init'), start, { mode: 0o755 });
}

function copyPackage(name: string, root: string): void {
  cpSync(join(ROOT, 'node_modules', name), join(root, 'app/node_modules', name), {
    recursive: true,
    dereference: true,
  });
}

/** A program with the libraries that it is linked with. */
function copyProgram(path: string, root: string, target: string): void {
  copyFileSync(path, join(root, target));
  copyNeeded(path, root);
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

function copyNeeded(path: string, root: string): void {
  const needed = spawnSync('ldd', [path], { encoding: 'utf8' }).stdout.matchAll(/(\/\S+)/g);
  for (const [, library = ''] of needed) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}

function copyModule(kernelFiles: string, name: string, root: string): void {
  const found = execFileSync('find', [join(kernelFiles, 'lib/modules'), '-name', `${name}.ko*`], { encoding: 'utf8' });
  const path = found.trim();
  const target = join(root, 'modules', `${name}.ko`);
  if (path.endsWith('.xz')) execFileSync('sh', ['-c', 'xz -dc "$0" > "$1"', path, target]);
  else copyFileSync(path, target);
}

async function boot(kernel: string, files: string): Promise<string> {
  const machine = spawn('qemu-system-x86_64', [
    ...[
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      'max',
      '-smp',
      '2',
      '-m',
      '1536',
      '-nographic',
      '-no-reboot',
      '-net',
      'none',
    ],
    ...['-kernel', kernel, '-initrd', files, '-append', 'console=ttyS0 quiet panic=-1'],
  ]);
  let output = '';
  machine.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString('utf8');
  });
  const limit = setTimeout(() => machine.kill('SIGKILL'), MINUTES * 60_000);
  await new Promise((resolve) => machine.once('close', resolve));
  clearTimeout(limit);
  return output;
}
