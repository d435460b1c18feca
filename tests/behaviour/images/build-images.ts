import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, Release } from '../applications/application.ts';
import { FILES, KEPT } from '../places.ts';

const PYTHON = { d11: '3.9', d12: '3.11', d13: '3.13' } as const;
const SUITES = { d11: 'bullseye', d12: 'bookworm', d13: 'trixie' } as const;
/** The same number in every Debian: data that one release wrote belongs to the next. */
export const DATA_USER = 990;

type Debian = keyof typeof SUITES;

const debianOf = (base: Release['base']): Debian => base.slice(0, 3) as Debian;

export const imageName = (application: Application, release: Release): string =>
  `localhost/behaviour-${application.name}:${release.tag}`;

/** Builds the image of a release where podman does not have it. Needs root, mmdebstrap, podman, npm and pip. */
export function buildImage(application: Application, release: Release): string {
  const name = imageName(application, release);
  if (hasImage(name)) return name;
  const base = buildBase(release.base);
  const folder = mkdtempSync(join(tmpdir(), 'behaviour-image-'));
  try {
    mkdirSync(join(folder, 'app'));
    const own = join(FILES, application.name);
    if (existsSync(own)) cpSync(own, join(folder, 'app'), { recursive: true });
    installNpm(join(folder, 'app'), release);
    installPypi(join(folder, 'app'), release);
    writeFileSync(join(folder, 'Containerfile'), containerfile(base, application, release));
    const build = [
      'build',
      '--network=host',
      '--ulimit=nofile=1024:4096',
      '--ulimit=nproc=4096:4096',
      '--runtime=runc',
    ];
    run('podman', ['--cgroup-manager=cgroupfs', ...build, '--layers=false', '-q', '-t', name, folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return name;
}

const hasImage = (name: string): boolean => spawnSync('podman', ['image', 'exists', name]).status === 0;

/** A minimal Debian, which all images of its kind share. */
function buildBase(base: Release['base']): string {
  const name = `localhost/behaviour-base:${base}`;
  if (hasImage(name)) return name;
  const suite = SUITES[debianOf(base)];
  const { debian, security } = mirrors();
  const sources = [`deb ${debian} ${suite} main`];
  if (base.endsWith('s')) sources.push(`deb ${debian} ${suite}-updates main`, `deb ${security} ${suite}-security main`);
  const path = join(KEPT, `${base}.tar`);
  mkdirSync(KEPT, { recursive: true });
  run('mmdebstrap', ['--mode=root', '--variant=minbase', '--include=ca-certificates', suite, path, sources.join('\n')]);
  run('podman', ['import', '-q', path, name]);
  rmSync(path);
  return name;
}

/** Where this machine gets its own packages. */
function mirrors(): { debian: string; security: string } {
  const format = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const all = execFileSync('apt-get', format, { encoding: 'utf8' }).split('\n');
  const find = (name: string): string => all.find((one) => one.endsWith(`/${name}/`)) ?? '';
  return { debian: find('debian'), security: find('debian-security') };
}

function installNpm(folder: string, { npm }: Release): void {
  if (npm === undefined) return;
  const wanted = Object.entries(npm).map(([name, version]) => `${name}@${version}`);
  run('npm', ['install', '--silent', '--no-save', '--no-package-lock', '--prefix', folder, ...wanted]);
}

function installPypi(folder: string, { pypi, base }: Release): void {
  if (pypi === undefined) return;
  const wanted = Object.entries(pypi).map(([name, version]) => `${name}==${version}`);
  const python = [
    '--python-version',
    PYTHON[debianOf(base)],
    '--only-binary=:all:',
    '--platform',
    'manylinux2014_x86_64',
  ];
  run('pip', ['install', '-q', '--target', join(folder, 'vendor'), ...python, ...wanted]);
}

function containerfile(base: string, application: Application, release: Release): string {
  const { user, prepare, port } = application;
  const named = user !== undefined && !/^\d+$/.test(user) ? user : undefined;
  return [
    `FROM ${base}`,
    ...(named === undefined
      ? []
      : [`RUN groupadd -g ${DATA_USER} ${named} && useradd -r -u ${DATA_USER} -g ${DATA_USER} ${named}`]),
    `RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${release.packages.join(' ')} >/dev/null && rm -rf /var/lib/apt/lists/*`,
    'COPY app /srv/app',
    ...(prepare === undefined ? [] : [`RUN ${prepare}`]),
    ...(port === undefined ? [] : [`EXPOSE ${port}`]),
    ...(user === undefined ? [] : [`USER ${user}`]),
    `ENTRYPOINT ${JSON.stringify(application.entrypoint)}`,
    '',
  ].join('\n');
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
