import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advisoryIndexPath } from '@breakwater/app/advisories';
import { type Job, judgeAgain } from '@breakwater/app/registries';
import type { Component, Image } from '@breakwater/model';
import { importAdvisories } from '@breakwater/sources/advisories';
import { openStore } from '@breakwater/store';
import type { BenchResult } from './result.ts';

const VULNDB = join(import.meta.dirname, '..', '..', '..', 'shared', 'vulndb');
const IMAGES = 1000;
const PACKAGES = 200;

/**
 * Judging stored images anew, as after `db update`: 1,000 images of 200 packages of Debian 12 each, against all of
 * `../shared/vulndb`, in a process of its own. First every finding is new; then nothing changes, as on most days.
 */
export async function run(): Promise<BenchResult> {
  if (!existsSync(VULNDB)) throw new Error(`the benchmark needs the advisories in ${VULNDB}`);
  const state = join(process.env['BREAKWATER_STATE'] ?? tmpdir(), 'bench', 'registries');
  mkdirSync(state, { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(state, `store.sqlite${suffix}`), { force: true });
  await importAdvisories({ from: [VULNDB], index: advisoryIndexPath(state) });
  const started = performance.now();
  await storeImages(state);
  const stored = (performance.now() - started) / 1000;
  const size = statSync(join(state, 'store.sqlite')).size / IMAGES / 1000;
  const first = judgeFresh(state, 'all');
  const second = judgeFresh(state, 'all');
  return {
    name: 'registries',
    inputs: [`${IMAGES} images of ${PACKAGES} packages of Debian 12 each`, `${first.findings} findings`],
    rows: [
      { what: 'storing the images', value: stored, unit: 's' },
      { what: 'stored, an image', value: size, unit: 'kB' },
      { what: 'judging all anew, every finding new', value: first.seconds, unit: 's' },
      { what: 'judging all anew, nothing changed', value: second.seconds, unit: 's' },
      { what: 'CPU of that', value: second.cpu, unit: 's' },
      { what: 'most memory of that process', value: second.memory, unit: 'MB', budget: '< 300' },
      {
        what: 'store with all findings, an image',
        value: statSync(join(state, 'store.sqlite')).size / IMAGES / 1000,
        unit: 'kB',
      },
    ],
  };
}

interface Judged {
  seconds: number;
  cpu: number;
  memory: number;
  findings: number;
}

function judgeFresh(state: string, which: string): Judged {
  const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, state, which], { encoding: 'utf8' });
  if (stdout === '') throw new Error(`the measured process failed: ${stderr}`);
  return JSON.parse(stdout) as Judged;
}

async function judgeStored(state: string): Promise<Judged> {
  // Another time of import is other advisories: all that is stored is judged by older ones.
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(state, 'store.sqlite'));
  database.exec("update known_images set judged_with = ''");
  database.close();
  const store = await openStore({ path: join(state, 'store.sqlite') });
  const started = performance.now();
  const cpu = process.cpuUsage();
  const signal = new AbortController().signal;
  const { opened } = await judgeAgain({
    store: store.registries,
    state,
    judging: {},
    signal,
    clock: Date.now,
  });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await store.close();
  return { seconds, cpu: (user + system) / 1e6, memory: process.resourceUsage().maxRSS / 1000, findings: opened };
}

async function storeImages(state: string): Promise<void> {
  const { main_only: packages } = JSON.parse(readFileSync(join(VULNDB, 'debian-packages-bookworm.json'), 'utf8')) as {
    main_only: Package[];
  };
  const store = await openStore({ path: join(state, 'store.sqlite') });
  const now = new Date().toISOString();
  for (let index = 0; index < IMAGES; index++) {
    const image = imageOf(index, packages);
    const job = { digest: image.manifestDigests[0] ?? '', attempts: 0 } as Job;
    const known = {
      id: image.id,
      layers: 0,
      components: image.components.length,
      unknowns: 0,
      vulnerabilities: { total: 0, critical: 0, high: 0, fixable: 0, exploited: 0 },
      verdict: 'unknown' as const,
      readAt: now,
      judgedAt: now,
    };
    await store.registries.saveImage(job, '', { known, image, matches: [], findings: [], advisories: '' }, now);
  }
  await store.close();
}

interface Package {
  name: string;
  version: string;
  source: string;
  source_version: string;
}

/** Every image has its own choice of packages, half of them in common with its neighbours as images on one base have. */
function imageOf(index: number, packages: Package[]): Image {
  const chosen = Array.from({ length: PACKAGES }, (_, place) => {
    const at = place < PACKAGES / 2 ? place : place * 31 + index * 7;
    return packages[at % packages.length] as Package;
  });
  const components = [...new Map(chosen.map((item) => [item.name, item])).values()].map(componentOf);
  const digest = `sha256:${String(index).padStart(64, '0')}`;
  return {
    id: digest.replace('sha256:0', 'sha256:f'),
    source: 'registry',
    target: `registry.example/team/app:${index}`,
    references: [`registry.example/team/app:${index}`],
    manifestDigests: [digest],
    layers: [],
    components,
    fileCount: components.length,
    unknowns: [],
  };
}

function componentOf({ name, version, source, source_version }: Package): Component {
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${version}?arch=amd64&distro=debian-12`;
  return {
    id: purl,
    type: 'deb',
    name,
    version,
    purl,
    ecosystem: 'Debian:12',
    source: { name: source, version: source_version },
    architecture: 'amd64',
    licences: [],
    path: '/var/lib/dpkg/status',
    files: Array.from({ length: 10 }, (_, file) => `/usr/lib/x86_64-linux-gnu/${name}/lib${name}-${file}.so.1`),
    scope: 'installed',
    development: false,
  };
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(await judgeStored(process.argv[2] as string)));
}
