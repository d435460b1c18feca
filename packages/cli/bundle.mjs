// `npm run bundle`: the command as a few files of JavaScript in `dist/`, which start in half the time of 300 of TypeScript.
// `bin/breakwater.mjs` runs them while every source is as it was. Plain JavaScript: it runs before anything is built.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
/** A module started by its address, as a task behind the wall or as a worker: it becomes a file of its own. */
const STARTED = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;

/** Writes the bundle into `folder`, with `sources.json`: the path from `folder`, milliseconds and bytes of each source. */
export async function bundle(folder = join(here, 'dist')) {
  rmSync(folder, { recursive: true, force: true });
  const program = await rolldown({
    input: join(here, 'src/main.ts'),
    platform: 'node',
    plugins: [keepAddresses(folder)],
    logLevel: 'warn',
  });
  await program.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
  const sources = sourcesOf(await program.watchFiles).map((path) => {
    const { mtimeMs, size } = statSync(path);
    return [relative(folder, path), mtimeMs, size];
  });
  await program.close();
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(sources));
}

/** Addresses stay what they are in the source: of files beside a module, and of modules that are started. */
function keepAddresses(folder) {
  return {
    name: 'keep-addresses',
    transform(code, id) {
      if (!code.includes('import.meta.')) return undefined;
      const address = `new URL(${JSON.stringify(relative(folder, id))}, import.meta.url)`;
      return code
        .replace(STARTED, (_, path) => {
          const chunk = this.emitFile({ type: 'chunk', id: resolve(dirname(id), path), preserveSignature: 'strict' });
          return `new URL(import.meta.ROLLUP_FILE_URL_${chunk})`;
        })
        .replaceAll('import.meta.url', `${address}.href`);
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
