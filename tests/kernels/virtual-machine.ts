import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillRoot } from './guest-files.ts';
import type { Machine } from './machines/machine.ts';

const MINUTES = 10;

/** What a kernel printed while it ran `program`, a file of this folder, as its first process; the machine ends with it. */
export async function runUnder(machine: Machine, kernelPackage: string, program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    execFileSync('dpkg-deb', ['-x', kernelPackage, join(folder, 'package')]);
    const kernel = readdirSync(join(folder, 'package/boot')).find((name) => name.startsWith('vmlinuz-')) ?? '';
    const root = join(folder, 'root');
    fillRoot(root, machine, join(folder, 'package'), program);
    const files = join(folder, 'files.cpio');
    execFileSync('sh', ['-c', `cd "$0" && find . | cpio --quiet -o -H newc > "$1"`, root, files]);
    return await boot(machine, join(folder, 'package/boot', kernel), files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function boot({ emulator: [command, ...options], console }: Machine, kernel: string, files: string) {
  const machine = spawn(command, [
    ...options,
    ...['-smp', '2', '-nographic', '-no-reboot', '-net', 'none'],
    ...['-kernel', kernel, '-initrd', files, '-append', `console=${console} quiet panic=-1`],
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
