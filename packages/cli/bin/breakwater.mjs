// Plain JavaScript: the version is printed, and the bundle found, without the cost of reading TypeScript.
import { readFileSync, statSync } from 'node:fs';

const BUNDLE = new URL('../dist/', import.meta.url);

const [first] = process.argv.slice(2);
if (first === '--version' || first === '-V') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  await import(isFresh() ? new URL('main.js', BUNDLE).href : '../src/main.ts');
}

/** Whether there is a bundle and every source is as it was when it was made: an edit counts at once, without a build. */
function isFresh() {
  try {
    const sources = JSON.parse(readFileSync(new URL('sources.json', BUNDLE), 'utf8'));
    const folder = decodeURIComponent(BUNDLE.pathname);
    return sources.every(([path, modified, size]) => {
      const { mtimeMs, size: bytes } = statSync(folder + path);
      return mtimeMs === modified && bytes === size;
    });
  } catch {
    return false;
  }
}
