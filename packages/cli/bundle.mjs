// `npm run bundle`: the command as a few files of JavaScript in `dist/`, which start in half the time of 300 of TypeScript.
// `bin/breakwater.mjs` runs them while every source is as it was. Plain JavaScript: it runs before anything is built.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
/** A module started by its address, as a task behind the wall or as a worker: it becomes a program of its own. */
const STARTED = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;

/** Writes the bundle into `folder`, with `sources.json`: the path from `folder`, milliseconds and bytes of each source. */
export async function bundle(folder = join(here, 'dist')) {
  rmSync(folder, { recursive: true, force: true });
  const files = new Set();
  const programs = new Map([[join(here, 'src/main.ts'), folder]]);
  // The map grows while it is walked: programs start others.
  for (const [entry, target] of programs) await buildProgram(entry, target, folder, programs, files);
  const sources = sourcesOf([...files]).map((path) => {
    const { mtimeMs, size } = statSync(path);
    return [relative(folder, path), mtimeMs, size];
  });
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(sources));
}

async function buildProgram(entry, target, folder, programs, files) {
  const started = (id) => {
    const known = programs.get(id) ?? join(folder, nameOf(id));
    if ([...programs].some(([other, path]) => path === known && other !== id)) throw new Error(`two named ${known}`);
    programs.set(id, known);
    return join(known, `${nameOf(id)}.js`);
  };
  const program = await rolldown({
    input: { [target === folder ? 'main' : nameOf(entry)]: entry },
    platform: 'node',
    plugins: [keepAddresses(target, started)],
    logLevel: 'warn',
    // What one command imports late, another has at once: in programs that share it that is no mistake.
    checks: { ineffectiveDynamicImport: false },
  });
  await program.write({ dir: target, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
  for (const path of await program.watchFiles) files.add(path);
  await program.close();
}

const nameOf = (id) => `${basename(dirname(id))}-${basename(id, '.ts')}`;

/** Addresses stay what they are in the source, of files beside a module; those of modules that are started lead to them. */
function keepAddresses(target, started) {
  const addressOf = (path) => `new URL(${JSON.stringify(relative(target, path))}, import.meta.url)`;
  return {
    name: 'keep-addresses',
    transform(code, id) {
      if (id.startsWith('\0') || !code.includes('import.meta.')) return undefined;
      // The last step replaces what is left: addresses that are made here do not spell it so.
      return code
        .replace(STARTED, (_, path) => addressOf(started(resolve(dirname(id), path))).replace('import.meta', 'META'))
        .replaceAll('import.meta.url', `${addressOf(id)}.href`)
        .replaceAll('META.url', 'import.meta.url');
    },
  };
}

/** Our own modules; those of others change only with what is installed. */
function sourcesOf(files) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const ours = files.filter((path) => path.startsWith(join(root, 'packages') + sep) && !path.includes('node_modules'));
  return existsSync(installed) ? [...ours, installed] : ours;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
