import type { Component } from '@breakwater/model';
import type { Distiller } from '../ecosystem.ts';
import type { Recognised } from './text-search.ts';

const PATH = /(?:^|\/)release$/;
const LARGEST = 64 * 1024;
/** With its build, without what a distribution adds: `17.0.9+9-Debian-1`. */
const VERSION = /^\d[\d._]{0,63}(?:\+\d{1,8}|-b\d{1,8})?/;
const LONGEST_VENDOR = 128;
/** Whose programs a release file speaks for. */
const OF_JAVA: ReadonlySet<string> = new Set(['openjdk', 'jdk', 'jre', 'graalvm']);

const distiller: Distiller = { largest: LARGEST, whole: readRelease };

/** Takes the version of a Java runtime from the file `release` in its home; a larger one is none. */
export function distilRelease(path: string, size: number, head: Buffer): Distiller | undefined {
  if (size > LARGEST || !PATH.test(path)) return undefined;
  const start = head.toString('latin1');
  return /^(?:[A-Z]+_)*[A-Z]+="/.test(start) ? distiller : undefined;
}

function readRelease(content: Buffer): Buffer | undefined {
  const fields = new Map<string, string>();
  for (const line of content.toString('utf8').split('\n', 200)) {
    const match = /^([A-Z_]{1,64})="([^"\r]{0,256})"?\r?$/.exec(line);
    if (match !== null) fields.set(match[1]!, match[2]!.trim());
  }
  const field = (name: string): string => fields.get(name) ?? '';
  const version = VERSION.exec(field('JAVA_RUNTIME_VERSION') || field('JAVA_VERSION'))?.[0];
  if (version === undefined || field('JAVA_VERSION') === '') return undefined;
  const vendor = field('IMPLEMENTOR').slice(0, LONGEST_VENDOR);
  const graal = field('GRAALVM_VERSION');
  const name = graal !== '' ? 'graalvm' : field('BUILD_TYPE') === 'commercial' ? 'jdk' : 'openjdk';
  const found: Recognised = { name, version, stated: true, ...(vendor !== '' && { vendor }) };
  return Buffer.from(JSON.stringify([found]));
}

/** Leaves of the programs of a Java runtime what its release file says, which tells its vendor and all of its version. */
export function settleByRelease(components: Component[]): Component[] {
  const releases = components.filter(({ name, path }) => OF_JAVA.has(name) && PATH.test(path));
  if (releases.length === 0) return components;
  return components.filter((component) => {
    if (releases.includes(component) || !OF_JAVA.has(component.name)) return true;
    const home = releases.find(({ path }) => component.path.startsWith(path.slice(0, -'release'.length)));
    if (home !== undefined) home.files.push(...component.files);
    return home === undefined;
  });
}
