import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, ROOT } from './machines/machine.ts';

/** Busybox, Node, libbpf, the sensor's sources and the module for overlays: all that a container and its sensor need. */
export function fillRoot(root: string, machine: Machine, kernelFiles: string, program: string): void {
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp', 'o', 'modules', 'app/node_modules/@breakwater'])
    mkdirSync(join(root, name), { recursive: true });
  machine.fill(root);
  symlinkSync('busybox', join(root, 'bin/sh'));
  copyModule(kernelFiles, 'overlay', root);
  for (const name of ['model', 'engine', 'sensor']) {
    for (const part of ['package.json', 'src', 'bpf'])
      if (existsSync(join(ROOT, 'packages', name, part)))
        cpSync(join(ROOT, 'packages', name, part), join(root, 'app/packages', name, part), { recursive: true });
    symlinkSync(`../../packages/${name}`, join(root, 'app/node_modules/@breakwater', name));
  }
  for (const name of ['zod', 'koffi']) copyPackage(name, root);
  cpSync(join(ROOT, 'tests/kernels', program), join(root, 'app', program));
  writeFileSync(join(root, 'app/package.json'), '{"type":"module"}');
  compileAttack(machine.compiler, join(root, 'app/attack'));
  if (machine.compilerOf32Bits !== undefined) compileAttack(machine.compilerOf32Bits, join(root, 'app/attack32'));
  const start = [
    '#!/bin/sh',
    '/bin/busybox --install -s /bin',
    'mount -t proc none /proc; mount -t sysfs none /sys; mount -t devtmpfs none /dev; mount -t tmpfs none /tmp',
    'mount -t tmpfs none /o; mount -t securityfs none /sys/kernel/security; mount -t cgroup2 none /sys/fs/cgroup',
    'for module in /modules/*; do insmod $module; done',
    'ulimit -l unlimited; ip link set lo up',
    `node --no-memory-protection-keys --disable-warning=ExperimentalWarning /app/${program} 2>&1`,
    'poweroff -f',
  ].join('\n');
  writeFileSync(join(root, 'init'), start, { mode: 0o755 });
}

function compileAttack(compiler: string, target: string): void {
  const source = join(ROOT, 'tests/sensor/attacks/attack.c');
  execFileSync(compiler, ['-O1', '-static', '-no-pie', '-o', target, source]);
}

function copyPackage(name: string, root: string): void {
  cpSync(join(ROOT, 'node_modules', name), join(root, 'app/node_modules', name), {
    recursive: true,
    dereference: true,
  });
}

function copyModule(kernelFiles: string, name: string, root: string): void {
  const found = execFileSync('find', [join(kernelFiles, 'lib/modules'), '-name', `${name}.ko*`], { encoding: 'utf8' });
  const path = found.trim();
  const target = join(root, 'modules', `${name}.ko`);
  if (path.endsWith('.xz')) execFileSync('sh', ['-c', 'xz -dc "$0" > "$1"', path, target]);
  else copyFileSync(path, target);
}
