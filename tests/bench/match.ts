import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchComponents } from '@breakwater/engine/matching';
import type { Component } from '@breakwater/model';
import { importAdvisories, openAdvisoryIndex } from '@breakwater/sources/advisories';
import type { BenchResult, BenchRow } from './result.ts';

const VULNDB = join(import.meta.dirname, '..', '..', '..', 'shared', 'vulndb');
const PACKAGES = 220;
const REPEATS = 5;
const WARM_REPEATS = 30;

/**
 * Matching 220 packages (Debian 12 as the main suite has it, and npm, PyPI, Go, RubyGems) against all of
 * `../shared/vulndb`. The first figure is that of a fresh process, as a command has it; growth is taken warm.
 */
export async function run(): Promise<BenchResult> {
  if (!existsSync(VULNDB)) throw new Error(`the benchmark needs the advisories in ${VULNDB}`);
  const folder = join(process.env['BREAKWATER_STATE'] ?? tmpdir(), 'bench');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'match-advisories.db');
  const started = performance.now();
  const { status } = await importAdvisories({ from: [VULNDB], index: path });
  const imported = (performance.now() - started) / 1000;
  const components = packageList();
  return {
    name: 'match',
    inputs: [
      `${status.advisories.toLocaleString('en-US')} advisories, ${status.rows.toLocaleString('en-US')} rows, EPSS and KEV`,
      `${components.length} packages: Debian 12, npm, PyPI, Go, RubyGems`,
    ],
    rows: [
      { what: 'import of everything', value: imported, unit: 's', budget: '< 15' },
      { what: 'size of the index', value: statSync(path).size / 1e6, unit: 'MB', peer: 'Grype 120, Trivy 52' },
      ...measureFresh(path),
      ...measureGrowth(path, components),
    ],
  };
}

/** One run in a process of its own: nothing is warm there, as in a command. The best of several, the machine is noisy. */
function measureFresh(path: string): BenchRow[] {
  const runs = Array.from({ length: REPEATS }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, path], { encoding: 'utf8' });
    if (stdout === '') throw new Error(`the measured process failed: ${stderr}`);
    return JSON.parse(stdout) as Record<'opening' | 'matching' | 'memory' | 'matches', number>;
  });
  const best = (key: keyof (typeof runs)[number]): number => Math.min(...runs.map((figures) => figures[key]));
  return [
    { what: 'opening the index, fresh process', value: best('opening'), unit: 'ms', budget: '< 20' },
    { what: 'matching, fresh process', value: best('matching'), unit: 'ms', budget: '< 20' },
    { what: 'matches', value: best('matches'), unit: '' },
    { what: 'memory of that process', value: best('memory'), unit: 'MB', budget: '< 110', peer: 'Trivy 130' },
  ];
}

function measureGrowth(path: string, components: Component[]): BenchRow[] {
  const index = openAdvisoryIndex(path);
  const rows = [1, 4, 16].map((times) => {
    // Other versions, so that no judgement can be taken over from a copy.
    const list = Array.from({ length: times }, (_, copy) =>
      components.map((item) => anotherVersion(item, copy)),
    ).flat();
    // A lookup of its own each time: what one was asked before is kept.
    const durations = Array.from({ length: times === 1 ? WARM_REPEATS : REPEATS }, () => {
      const before = process.cpuUsage();
      matchComponents(list, { ...index });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    const what = `matching ${list.length} packages, warm, processor time`;
    return { what, value: Math.min(...durations), unit: 'ms', ...(times === 1 ? { budget: '< 20' } : {}) };
  });
  index.close();
  return rows;
}

function anotherVersion(component: Component, copy: number): Component {
  if (copy === 0) return component;
  const version = `${component.version}.${copy}`;
  return {
    ...component,
    id: `${component.id}#${copy}`,
    version,
    ...(component.source && { source: { ...component.source, version } }),
  };
}

function packageList(): Component[] {
  const debian = JSON.parse(readFileSync(join(VULNDB, 'debian-packages-bookworm.json'), 'utf8')) as {
    main_only: { name: string; version: string; source: string; source_version: string }[];
  };
  const distribution = debian.main_only
    .slice(0, PACKAGES - LIBRARIES.length)
    .map((item) =>
      component('deb', 'Debian:12', item.name, item.version, { name: item.source, version: item.source_version }),
    );
  return [
    ...distribution,
    ...LIBRARIES.map(([type, ecosystem, name, version]) => component(type, ecosystem, name, version)),
  ];
}

const LIBRARIES = [
  ...'lodash@4.17.15 minimist@1.2.0 express@4.17.1 qs@6.7.0 semver@5.7.0 ws@7.2.0 axios@0.21.0 jquery@3.3.1 moment@2.24.0 tar@4.4.8 handlebars@4.1.0 marked@0.7.0'
    .split(' ')
    .map((text) => ['npm', 'npm', ...text.split('@')] as const),
  ...'django@3.2.0 flask@1.0 requests@2.19.0 jinja2@2.10 pyyaml@5.1 urllib3@1.24.1 cryptography@3.2 pillow@8.0.0'
    .split(' ')
    .map((text) => ['pypi', 'PyPI', ...text.split('@')] as const),
  ...'stdlib@1.20.1 golang.org/x/net@0.7.0 golang.org/x/crypto@0.1.0 github.com/gin-gonic/gin@1.7.0'
    .split(' ')
    .map((text) => ['golang', 'Go', ...text.split('@')] as const),
  ...'rails@6.0.0 rack@2.0.7 nokogiri@1.10.4 puma@4.3.0'
    .split(' ')
    .map((text) => ['gem', 'RubyGems', ...text.split('@')] as const),
] as [Component['type'], string, string, string][];

function component(
  type: Component['type'],
  ecosystem: string,
  name: string,
  version: string,
  source?: { name: string; version: string },
): Component {
  const purl = `pkg:${type}/${name}@${version}`;
  return {
    id: purl,
    type,
    name,
    version,
    purl,
    ecosystem,
    ...(source && { source }),
    licences: [],
    path: '',
    files: [],
    scope: 'installed',
    development: false,
  };
}

if (process.argv[1] === import.meta.filename) {
  const components = packageList();
  const started = performance.now();
  const index = openAdvisoryIndex(process.argv[2] ?? '');
  const opened = performance.now();
  const { matches } = matchComponents(components, index);
  const matching = performance.now() - opened;
  // Not `resourceUsage()`: what that gives begins with the memory of the process that started this one.
  const memory = (Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024) / 1e6;
  console.log(JSON.stringify({ opening: opened - started, matching, memory, matches: matches.length }));
}
