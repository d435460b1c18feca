import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAbilities } from '@breakwater/sensor/abilities';

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync) ?? '';
/** Bounds that a machine without CAP_SYS_RESOURCE can set, and cgroups without systemd. */
const RUN = [
  '--runtime=runc',
  '--cgroup-manager=cgroupfs',
  'run',
  '--ulimit=nofile=1024:4096',
  '--ulimit=nproc=1024:1024',
];
const APPLETS = [
  'sh',
  'cat',
  'cp',
  'ls',
  'ln',
  'mv',
  'nc',
  'rm',
  'sleep',
  'touch',
  'true',
  'unshare',
  'mount',
  'chmod',
  'cut',
  'dd',
  'id',
];

const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** What this machine lacks for tests of the sensor; empty where they can run. */
export const NO_SENSOR = ((): string => {
  const { missing } = findAbilities();
  if (missing.length > 0) return missing.join(' ');
  if (BUSYBOX === '' || !has(BUSYBOX, 'true')) return 'no busybox (Debian: busybox-static)';
  return has('podman', '--version') && has('runc', '--version') ? '' : 'no podman with runc';
})();

/** A suite's title, with the reason where it is left out. */
export const inContainers = (title: string): string => (NO_SENSOR === '' ? title : `${title} (left out: ${NO_SENSOR})`);

/** An image with little in it, and containers of it, which all go away with `remove`. */
export class SampleImage {
  readonly name: string;
  readonly #containers: string[] = [];

  /** `add` puts more into its root folder. */
  constructor(name: string, add: (root: string) => void = () => undefined) {
    this.name = `localhost/${name}`;
    const root = mkdtempSync(join(tmpdir(), 'sample-image-'));
    try {
      for (const folder of ['bin', 'etc', 'tmp', 'proc', 'app']) mkdirSync(join(root, folder));
      copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
      // It takes a name that begins so for itself, and another for that of a command.
      copyFileSync(BUSYBOX, join(root, 'app/busybox-program'));
      for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet));
      writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
      add(root);
      execFileSync('sh', ['-c', `tar -C "$0" -c . | podman import -q - "$1"`, root, this.name], { stdio: 'pipe' });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }

  /** Runs a script to its end; what it printed. What a run that was killed left behind under the name goes first. */
  async run(container: string, script: string, options: readonly string[] = ['--network=none']): Promise<string> {
    const args = [...RUN, '--rm', '--replace', `--name=${container}`, ...options, this.name, '/bin/sh', '-c', script];
    return await new Promise((resolve) => execFile('podman', args, (_, stdout, stderr) => resolve(stdout + stderr)));
  }

  /** Starts a script and lets it run; the host's pid of its first process. */
  start(container: string, script: string, options: readonly string[] = ['--network=none']): number {
    execFileSync(
      'podman',
      [...RUN, '--detach', '--rm', '--replace', `--name=${container}`, ...options, this.name, '/bin/sh', '-c', script],
      { stdio: 'pipe' },
    );
    this.#containers.push(container);
    return Number(execFileSync('podman', ['inspect', '-f', '{{.State.Pid}}', container], { encoding: 'utf8' }));
  }

  /** Runs a script in a container that was started; what it printed, whether it failed or not. */
  async within(container: string, script: string): Promise<string> {
    const args = ['--runtime=runc', '--cgroup-manager=cgroupfs', 'exec', container, '/bin/sh', '-c', script];
    return await new Promise((resolve) => execFile('podman', args, (_, stdout, stderr) => resolve(stdout + stderr)));
  }

  remove(): void {
    for (const container of this.#containers) spawnSync('podman', ['rm', '-f', '-t', '0', container]);
    spawnSync('podman', ['rmi', '-f', this.name]);
  }
}
