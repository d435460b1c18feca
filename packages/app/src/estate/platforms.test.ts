import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PolicyResult } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Assessment } from '../assessment/assessment.ts';
import { patchFix } from '../fix/patch-fix.ts';
import { scanTargets } from '../scan/scan-targets.ts';
import { assessPaths } from './assess-paths.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-platforms-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const NOW = '2026-06-01T00:00:00Z';

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function judge(): Promise<PolicyResult[]> {
  const { report } = await scanTargets([folder], { state: join(folder, '.state'), now: NOW });
  return report.targets.flatMap(({ policies }) => policies);
}

const verdicts = (results: PolicyResult[], policy: string): string[] =>
  results.filter((result) => result.policy === policy).map(({ verdict }) => verdict);

const assess = (): Promise<Assessment> => assessPaths([folder], { state: join(folder, '.state'), now: NOW });

/** Every fix whose id begins so, made in the files; what its patch says besides. */
function mend({ fixes }: Assessment, id: string): string[] {
  const wanted = fixes.filter(({ change }) => change.id.startsWith(id));
  expect(wanted.length).toBeGreaterThan(0);
  return wanted.flatMap((fix) => {
    const { patch, notes } = patchFix(fix, (path) => readFileSync(path, 'utf8'));
    execFileSync('git', ['apply', '--unsafe-paths', '-p1', '-'], { input: patch, cwd: '/' });
    return notes.filter((note) => !note.includes('lies outside the current folder'));
  });
}

const TASK = {
  family: 'shop',
  pidMode: 'host',
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx:1',
      memory: 64,
      privileged: true,
      portMappings: [{ containerPort: 80, hostPort: 80 }],
      linuxParameters: { capabilities: { add: ['SYS_ADMIN', 'SYS_TIME'] } },
      mountPoints: [{ sourceVolume: 'sock', containerPath: '/sock' }],
    },
  ],
  volumes: [{ name: 'sock', host: { sourcePath: '/var/run/docker.sock' } }],
};
const APP = {
  id: '/shop/web',
  mem: 64,
  container: {
    type: 'DOCKER',
    docker: {
      image: 'nginx:1',
      network: 'BRIDGE',
      privileged: true,
      parameters: [{ key: 'cap-add', value: 'SYS_ADMIN' }],
    },
    volumes: [{ containerPath: '/sock', hostPath: '/var/run/docker.sock', mode: 'RW' }],
  },
};
const COMPOSE = `services:
  web:
    image: nginx:1
    privileged: true # for now
    pid: host
    mem_limit: 64m
    cap_add: [SYS_ADMIN, SYS_TIME]
    volumes:
      - "/var/run/docker.sock:/sock"
`;
const FILES = {
  'a/compose.yaml': COMPOSE,
  'b/task.json': `${JSON.stringify(TASK, null, 2)}\n`,
  'c/app.json': `${JSON.stringify(APP, null, 2)}\n`,
};

describe('one policy for every platform', () => {
  it('finds the same fault in each, at its own line', async () => {
    write(FILES);
    const results = await judge();
    for (const policy of ['no-privileged-containers', 'no-runtime-socket', 'no-added-capabilities'])
      expect(verdicts(results, policy)).toEqual(['fail', 'fail', 'fail']);
    const faults = results.filter(({ policy }) => policy === 'no-privileged-containers');
    expect(faults.map(({ place }) => place?.pointer?.join('.'))).toEqual([
      'services.web.privileged',
      'containerDefinitions.0.privileged',
      'container.docker.privileged',
    ]);
  });

  it('says unknown of what the image decides, and decides with the Dockerfile', async () => {
    write({
      'compose.yaml':
        'services: { a: { build: ./a }, b: { build: ./b }, c: { image: "nginx:1" }, d: { image: "x:1", user: "7" } }',
      'a/Dockerfile': 'FROM scratch\nUSER 1000\n',
      'b/Dockerfile': 'FROM scratch\nUSER root\n',
    });
    const results = (await judge()).filter(({ policy }) => policy === 'run-as-non-root');
    expect(results.map(({ element, verdict }) => [element, verdict])).toEqual([
      ['b', 'fail'],
      ['c', 'unknown'],
    ]);
  });

  it('has nothing against what a platform cannot do, and asks nobody for what only Kubernetes has', async () => {
    write({ 'compose.yaml': 'services: { web: { image: "nginx:1.27" } }' });
    const results = await judge();
    const other = ['no-default-token', 'no-unconfined-seccomp', 'seccomp-profile-set', 'no-probes-of-other-hosts'];
    expect(results.filter(({ policy }) => other.includes(policy))).toEqual([]);
    expect(results.filter(({ message }) => /network ?polic/i.test(message))).toEqual([]);
  });
});

describe('the ranking', () => {
  it('knows what is published, who shares a network, and what leads to the host', async () => {
    write({
      'compose.yaml': `services:
  web: { image: "nginx:1", ports: ["8080:80"], networks: [front] }
  local: { image: "nginx:1", ports: ["127.0.0.1:8081:80"], networks: [front] }
  db: { image: "postgres:1", networks: [back] }
networks: { front: {}, back: { internal: true } }
`,
    });
    const { workloads } = await assess();
    const exposures = Object.fromEntries(
      workloads.map(({ workload, exposures: ways }) => [workload.name, ways.map(({ phrase }) => phrase)]),
    );
    expect(exposures).toEqual({ web: ['through port 8080 of its host'], local: [], db: [] });
    expect(workloads.map(({ workload }) => workload.networks)).toContainEqual([{ name: 'back', internal: true }]);
  });
});

describe('fixes', () => {
  it('mend the files of each platform in its own words, and leave all else as it is', async () => {
    write(FILES);
    const before = await assess();
    expect(mend(before, 'contain:')).toEqual([]);
    expect(readFileSync(join(folder, 'a/compose.yaml'), 'utf8')).toBe(`services:
  web:
    image: nginx:1
    mem_limit: 64m
    cap_add: [SYS_TIME]
    volumes: []
`);
    const task = JSON.parse(readFileSync(join(folder, 'b/task.json'), 'utf8'));
    expect(task).toMatchObject({ family: 'shop', volumes: [] });
    expect(task).not.toHaveProperty('pidMode');
    expect(task.containerDefinitions[0]).not.toHaveProperty('privileged');
    expect(task.containerDefinitions[0].linuxParameters.capabilities.add).toEqual(['SYS_TIME']);
    const app = JSON.parse(readFileSync(join(folder, 'c/app.json'), 'utf8'));
    expect(app.container).toEqual({
      type: 'DOCKER',
      docker: { image: 'nginx:1', network: 'BRIDGE', parameters: [] },
      volumes: [],
    });
    expect((await assess()).ranking.loss).toBeLessThan(before.ranking.loss);
  });

  it('edit the file that says it, also through an override and extends', async () => {
    write({
      'compose.yaml': 'services:\n  web:\n    image: nginx:1\n    extends: { file: base.yml, service: base }\n',
      'compose.override.yaml': 'services:\n  web:\n    cap_add:\n      - SYS_ADMIN\n      - NET_ADMIN\n',
      'base.yml': 'services:\n  base:\n    privileged: true\n    init: true\n',
    });
    const assessment = await assess();
    const files = assessment.fixes.find(({ change }) => change.id.startsWith('contain:'))?.fix.files;
    expect(files?.map((file) => file.slice(folder.length + 1)).sort()).toEqual(['base.yml', 'compose.override.yaml']);
    expect(mend(assessment, 'contain:')).toEqual([]);
    expect(readFileSync(join(folder, 'base.yml'), 'utf8')).toBe('services:\n  base:\n    init: true\n');
    expect(readFileSync(join(folder, 'compose.override.yaml'), 'utf8')).toBe('services:\n  web:\n    cap_add: []\n');
  });

  it('say what a platform has no word for', async () => {
    write({ 'compose.yaml': 'services: { web: { image: "nginx:1", volumes: ["/etc:/host"] } }' });
    const assessment = await assess();
    const notes = mend(assessment, 'non-root:');
    expect(notes).toEqual([expect.stringMatching(/^Compose has no word for runAsNonRoot of web/)]);
    expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toContain('no-new-privileges:true');
  });
});
