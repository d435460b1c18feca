import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileSeccomp } from '@breakwater/engine/compile/seccomp';
import { GuardName, PRIVILEGE_GUARDS } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAttackImage, NO_ATTACKS, withAttacks } from './attack-image.ts';
import type { SampleImage } from './sample-container.ts';

const CAPABILITIES = ['SYS_ADMIN', 'SYS_PTRACE', 'SETUID'].map((name) => `--cap-add=${name}`);
const ATTACKS = [
  ...['namespaces', 'clone', 'clone3', 'setns', 'mount', 'fsopen', 'ptrace', 'read-memory', 'bpf', 'key'],
  ...['i386-namespaces', 'i386-mount'],
];

describe.skipIf(NO_ATTACKS !== '')(withAttacks('a container that is started with a seccomp profile of ours'), () => {
  let image: SampleImage;
  let folder = '';
  let withOurs: string[] = [];
  const without = ['--network=none', ...CAPABILITIES, '--security-opt=seccomp=unconfined'];

  beforeAll(() => {
    image = makeAttackImage('breakwater-seccomp-test');
    folder = mkdtempSync(join(tmpdir(), 'seccomp-'));
    const path = join(folder, 'profile.json');
    writeFileSync(path, JSON.stringify(compileSeccomp({ guards: PRIVILEGE_GUARDS }).profile));
    withOurs = ['--network=none', ...CAPABILITIES, `--security-opt=seccomp=${path}`];
  });
  afterAll(() => {
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Each attack in turn, and which of them left a proof. */
  const script = `${ATTACKS.map((name) => `/app/attack ${name} /tmp/${name}`).join('; ')}; echo "made: $(ls /tmp)"`;
  const madeIn = (output: string): string[] =>
    (/made: ([\s\S]*)$/.exec(output)?.[1] ?? '').trim().split(/\s+/).filter(Boolean);

  it('suffers none of the attacks that succeed without it, called as a program of 64 bits or of 32', async () => {
    const open = madeIn(await image.run('bw-seccomp-open', script, without));
    expect(open.toSorted()).toEqual(ATTACKS.toSorted());
    expect(madeIn(await image.run('bw-seccomp', script, withOurs))).toEqual([]);
  });

  it('runs its programs, threads and pipes as before', async () => {
    const work = 'for i in 1 2 3; do echo $i | cat; done; ls / | cat > /tmp/list && (sleep 0.1 & wait) && echo fine';
    expect(await image.run('bw-seccomp-work', work, withOurs)).toBe('1\n2\n3\nfine\n');
  });

  it('is taken whole by the runtime, also with every guard in it', async () => {
    const path = join(folder, 'all.json');
    writeFileSync(path, JSON.stringify(compileSeccomp({ guards: GuardName.options }).profile));
    const options = ['--network=none', `--security-opt=seccomp=${path}`, '--cap-add=NET_RAW'];
    expect(await image.run('bw-seccomp-all', '/app/attack raw-socket /tmp/proof; ls /tmp', options)).toBe(
      'raw-socket failed\n',
    );
  });

  it('gains nothing by a setuid bit where it is started without new privileges, as the compiler says', async () => {
    const options = [...withOurs, '--user=1000', '--security-opt=no-new-privileges'];
    expect(compileSeccomp({ guards: PRIVILEGE_GUARDS }).noNewPrivileges).toBe(true);
    expect(await image.run('bw-no-gain', '/app/attack-setuid gain /safe/proof', options)).toBe('gain failed\n');
  });
});
