import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
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
        copySources(join(ROOT, 'packages', name, part), join(root, 'app/packages', name, part));
    symlinkSync(`../../packages/${name}`, join(root, 'app/node_modules/@breakwater', name));
  }
  for (const name of ['zod', 'koffi']) copyPackage(name, root);
  copySources(join(ROOT, 'tests/kernels', program), join(root, 'app', program));
  writeFileSync(join(root, 'app/as-javascript.js'), AS_JAVASCRIPT);
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
    `node --import /app/as-javascript.js /app/${program} 2>&1`,
    'poweroff -f',
  ].join('\n');
  writeFileSync(join(root, 'init'), start, { mode: 0o755 });
}

/** Types are left out here: what Node does that with ends it now and then where it is emulated with pages of 16 KiB. */
function copySources(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  const paths = statSync(to).isFile() ? [to] : globSync('**/*.ts', { cwd: to }).map((name) => join(to, name));
  for (const path of paths)
    if (path.endsWith('.ts')) writeFileSync(path, stripTypeScriptTypes(readFileSync(path, 'utf8')));
}

const AS_JAVASCRIPT = `
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load: (url, context, next) =>
    url.endsWith('.ts')
      ? { format: 'module', shortCircuit: true, source: readFileSync(new URL(url), 'utf8') }
      : next(url, context),
});
`;

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
