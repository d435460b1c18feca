// Runs on whatever Node the machine has: brings dependencies, Node 24 among them, the built console and the
// bundled command.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, 'node_modules', '.breakwater-setup.json');

/** Installs what `kind` ('production' or 'development') needs and builds the console and the command, each only when out of date. */
export function setUp(kind) {
  installDependencies(kind);
  buildConsole();
  bundleCommand();
}

function installDependencies(kind) {
  const lock = digest([join(root, 'package-lock.json')]);
  const done = readMarker();
  if (done.lock === lock && (done.kind === kind || done.kind === 'development')) return;
  say(`Installing dependencies (${kind}), Node 24 among them ...`);
  run('npm', ['ci', '--no-audit', '--no-fund', ...(kind === 'production' ? ['--omit=dev'] : [])]);
  writeFileSync(marker, JSON.stringify({ lock, kind }));
}

function buildConsole() {
  const folder = join(root, 'packages', 'console');
  const built = join(folder, 'dist', 'index.html');
  const source = digest([
    ...filesBelow(join(folder, 'src')),
    ...filesBelow(join(root, 'packages', 'model', 'src')),
    join(folder, 'vite.config.ts'),
    join(folder, 'index.html'),
    join(root, 'package-lock.json'),
  ]);
  const done = readMarker();
  if (existsSync(built) && done.console === source) return;
  say('Building the console ...');
  run('npm', ['run', '--silent', 'build', '--workspace', 'packages/console']);
  writeFileSync(marker, JSON.stringify({ ...readMarker(), console: source }));
}

function bundleCommand() {
  const folder = join(root, 'packages');
  const sources = ['app', 'cli', 'engine', 'model', 'outputs', 'server', 'sources', 'store'];
  const source = digest([
    ...sources.flatMap((name) => filesBelow(join(folder, name, 'src'))),
    join(folder, 'cli', 'bundle.mjs'),
    join(root, 'package-lock.json'),
  ]);
  if (existsSync(join(folder, 'cli', 'dist', 'sources.json')) && readMarker().command === source) return;
  run('npm', ['run', '--silent', 'bundle']);
  writeFileSync(marker, JSON.stringify({ ...readMarker(), command: source }));
}

function readMarker() {
  return existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : {};
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files.filter((name) => existsSync(name))) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/** Runs a command in the clone with its own Node first in PATH; its output goes to stderr, so that stdout stays data. */
function run(command, args) {
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
    npm_config_loglevel: 'error',
  };
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  say(
    `${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. Mend what it says above and run the same command again.`,
  );
  process.exit(2);
}

function say(message) {
  process.stderr.write(`${message}\n`);
}
