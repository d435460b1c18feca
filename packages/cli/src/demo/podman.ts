import { execFile } from 'node:child_process';
import { UserError } from '@breakwater/model';

/** Bounds that a machine without CAP_SYS_RESOURCE can set, and cgroups without systemd. */
const ALWAYS = ['--runtime=runc', '--cgroup-manager=cgroupfs'];
const LIMITS = ['--ulimit=nofile=1024:4096', '--ulimit=nproc=1024:1024'];
const TIMEOUT = 60_000;

/** Runs podman without a shell, and gives what it prints. @throws {UserError} with what it says where it fails */
export async function podman(args: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    const all = [...ALWAYS, ...(args[0] === 'run' ? ['run', ...LIMITS, ...args.slice(1)] : args)];
    execFile('podman', all, { timeout: TIMEOUT, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else {
        const said = stderr.trim().split('\n').at(-1) || error.message;
        reject(new UserError(`podman ${args[0]}: ${said}`, { code: 'demo-failed', cause: error }));
      }
    });
  });
}
