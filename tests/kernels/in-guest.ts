import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { RuntimeEvent } from '@breakwater/model';
import { type Guard, parsePeer } from '@breakwater/sensor/guards';
import { Sensor } from '@breakwater/sensor/sensor';

const IMAGE = '/o/image';
const LOADER = process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';
const APPLETS = ['mv', 'ln', 'sh', 'cat', 'cp', 'ls', 'su', 'touch', 'nc', 'chmod', 'true', 'sleep', 'echo', 'mkdir'];
const ALL = {
  programs: 'block',
  connections: 'block',
  sockets: 'block',
  credentials: 'block',
  gains: 'block',
  namespaces: 'block',
  mounts: 'block',
  tracing: 'block',
  kernel: 'block',
} satisfies Guard;

function makeImage(): void {
  for (const folder of ['lib', 'lib64', 'bin', 'etc', 'proc', 'mnt', 'app', 'run', 'root/.ssh'])
    mkdirSync(`${IMAGE}/${folder}`, { recursive: true });
  for (const [folder, mode] of [
    ['tmp', 0o1777],
    ['safe', 0o700],
  ] as const) {
    mkdirSync(`${IMAGE}/${folder}`);
    chmodSync(`${IMAGE}/${folder}`, mode);
  }
  copyFileSync('/bin/busybox', `${IMAGE}/bin/busybox`);
  for (const applet of APPLETS) symlinkSync('busybox', `${IMAGE}/bin/${applet}`);
  copyFileSync(LOADER, `${IMAGE}${LOADER}`);
  copyFileSync('/app/attack', `${IMAGE}/app/attack`);
  copyFileSync('/app/attack', `${IMAGE}/app/attack-setuid`);
  if (existsSync('/app/attack32')) copyFileSync('/app/attack32', `${IMAGE}/app/attack32`);
  chmodSync(`${IMAGE}/app/attack`, 0o755);
  chmodSync(`${IMAGE}/app/attack-setuid`, 0o4755);
  writeFileSync(`${IMAGE}/etc/passwd`, 'root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n');
  writeFileSync(`${IMAGE}/etc/shadow`, 'root:secret:1:::::\n', { mode: 0o600 });
  writeFileSync(`${IMAGE}/root/.ssh/id_rsa`, 'secret\n');
}

const guards = new Map<string, Guard>();
const all: RuntimeEvent[] = [];
const sensor = await Sensor.open({
  tellsCalls: true,
  guardOf: ({ container }) => guards.get(container?.id ?? '') ?? {},
  take: (event) => all.push(event),
});

const READY = 'ready\n';

/** Mounts, namespace and root of a container; its first shell waits outside of the cgroup for its start. */
async function run(name: string, guard: Guard, script: string): Promise<{ output: string; events: RuntimeEvent[] }> {
  const id = createHash('sha256').update(name).digest('hex');
  guards.set(id, guard);
  const own = `/o/${name}`;
  for (const folder of ['upper', 'work', 'merged']) mkdirSync(`${own}/${folder}`, { recursive: true });
  const options = `lowerdir=${IMAGE},upperdir=${own}/upper,workdir=${own}/work`;
  const prepare = [
    `mount -t overlay overlay -o ${options} ${own}/merged`,
    `mount -t proc proc ${own}/merged/proc`,
    `mount --bind /o/host ${own}/merged/run`,
    // Moved and not only changed: who is in a changed root may make no namespace of users, guarded or not.
    `cd ${own}/merged && mount --move . /`,
    `exec chroot . /bin/sh -c 'echo ready; read go; exec /bin/sh -c "$0"' '${script}'`,
  ].join(' && ');
  mkdirSync(`/sys/fs/cgroup/${id}`);
  const container = spawn('/bin/busybox', ['unshare', '-m', '/bin/sh', '-c', prepare]);
  let output = '';
  for (const stream of [container.stdout, container.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const ended = new Promise((resolve) => container.once('close', resolve));
  // It has prepared itself, and its guard is in force.
  const isWatched = (): boolean => all.some(({ type, container: of }) => type === 'watch' && of?.id === id);
  while (!(output.startsWith(READY) && isWatched())) await pause(20);
  writeFileSync(`/sys/fs/cgroup/${id}/cgroup.procs`, String(container.pid));
  container.stdin.write('go\n');
  await ended;
  await pause(300);
  return { output: output.slice(READY.length), events: all.filter(({ container: of }) => of?.id === id) };
}

/** An attack in a container: what is left of it on the host's side of the container's files. */
async function attempt(name: string, script: string, guard: Guard = ALL): Promise<void> {
  const { output, events } = await run(name, guard, script);
  const made = existsSync(`/o/${name}/upper/tmp/proof`) || existsSync(`/o/${name}/upper/safe/proof`);
  const decided = events.filter(({ prevention }) => prevention !== undefined);
  const told = decided.map(({ type, prevention, guards, failure, call, file, process }) => ({
    ...{ type, prevention, guards, failure, call, file: file?.path, program: process?.path },
  }));
  const used = [...new Set(events.flatMap(({ call, prevention }) => (prevention === undefined && call) || []))];
  const opened = events.flatMap(({ type, file }) => (type === 'open' && file?.path) || []);
  const peers = events.flatMap(
    ({ type, peer }) => (type === 'connect' && peer && `${peer.address}:${peer.port}`) || [],
  );
  print({ name, made, output, told, opened, peers, types: [...new Set(events.map(({ type }) => type))], used });
}

const print = (result: unknown): void => console.log(`RESULT ${JSON.stringify(result)}`);

makeImage();
mkdirSync('/o/host');
writeFileSync('/o/host/handled', '');
let heard = 0;
const listener = createServer((connection) => {
  heard++;
  connection.destroy();
});
await new Promise<void>((resolve) => listener.listen('/o/host/docker.sock', resolve));
const server = createServer((connection) => connection.destroy()).on('connection', () => heard++);
await new Promise<void>((resolve) => server.listen(4444, '127.0.0.1', resolve));

print({
  name: 'abilities',
  release: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
  lsm: [...sensor.held.lsm],
  used: sensor.held.seesCapabilities ? ['capabilities'] : [],
});

await attempt('nothing', 'cat /etc/passwd; /app/attack prove /tmp/proof', { programs: 'block' });
for (const name of [
  'namespaces',
  'clone',
  'clone3',
  'setns',
  'mount',
  'fsopen',
  'ptrace',
  'read-memory',
  'module',
  'bpf',
])
  await attempt(name, `/app/attack ${name} /tmp/proof`);
// Calls of 32 bits, which on x86-64 every program can make.
if (process.arch === 'x64') await attempt('i386-namespaces', '/app/attack i386-namespaces /tmp/proof');
if (existsSync('/app/attack32')) {
  for (const name of ['arm-namespaces', 'arm-mount']) await attempt(name, `/app/attack32 ${name} /tmp/proof`);
  await attempt('arm-nothing', '/app/attack32 prove /tmp/proof', {});
}
await attempt('use', 'touch /tmp/proof; /bin/busybox chown 7 /tmp/proof; umask 7', {});
await attempt('handle', '/app/attack handle /tmp/proof /run/handled', {});
await attempt('unguarded', '/app/attack namespaces /tmp/proof', {});
await attempt('audited', '/app/attack namespaces /tmp/proof', { namespaces: 'audit' });
await attempt('setuid-bit', 'su user -c "/app/attack-setuid gain /safe/proof"');
await attempt('dropped', 'cp /app/attack /tmp/x; /tmp/x prove /tmp/proof; echo ended with $?');
await attempt('script', 'echo "#!/bin/sh" > /tmp/x; echo "touch /tmp/proof" >> /tmp/x; chmod 755 /tmp/x; /tmp/x');
await attempt('memory', '/app/attack memory /tmp/proof');
await attempt('credential', 'cat /root/.ssh/id_rsa > /tmp/copy && cp /tmp/copy /tmp/proof');
await attempt('credential-moved', 'mv /root/.ssh/id_rsa /tmp/key && cp /tmp/key /tmp/proof');
await attempt('credential-linked', 'ln /root/.ssh/id_rsa /tmp/key && cp /tmp/key /tmp/proof');
await attempt('credentials-moved', 'mv /root/.ssh /root/keys && cp /root/keys/id_rsa /tmp/proof');
await attempt('loader', `${LOADER} --help && touch /tmp/proof`);
await attempt('packet-socket', '/app/attack packet-socket /tmp/proof');
await attempt('runtime-socket', '/app/attack socket /tmp/proof /run/docker.sock');
print({ name: 'heard by the socket', heard });
await attempt('connection', 'echo x | nc 127.0.0.1 4444 && touch /tmp/proof');
print({ name: 'heard by the server', heard });
await attempt('reached', 'echo x | nc 127.0.0.1 4444', {});
if (process.arch === 'x64')
  for (const name of ['i386-connect', 'i386-send']) await attempt(name, `/app/attack ${name} /tmp/proof`, {});
await attempt('starts', '/app/attack prove /tmp/proof; true', {
  starts: 'block',
  permits: [{ guard: 'starts', object: '/bin/busybox' }],
});
await attempt('permitted-start', '/app/attack prove /tmp/proof; true', {
  starts: 'block',
  permits: [
    { guard: 'starts', object: '/bin/busybox' },
    { guard: 'starts', actor: '/bin/busybox', object: '/app/attack' },
  ],
});
await attempt('permitted', '/app/attack namespaces /tmp/proof; cat /root/.ssh/id_rsa', {
  ...ALL,
  allowed: [parsePeer('127.0.0.1:4444')],
  permits: [
    { guard: 'namespaces', actor: '/app/attack' },
    { guard: 'mounts', actor: '/app/attack' },
    { guard: 'credentials', actor: '/bin/busybox', object: '/root/.ssh/id_rsa' },
  ],
});
await sensor.close();
listener.close();
server.close();
print({ name: 'ended' });
