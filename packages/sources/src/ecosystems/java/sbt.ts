import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, isFields, listOf, textOf } from '../read-text.ts';

const SHIPPED: ReadonlySet<string> = new Set(['compile', 'runtime']);

/** Modules of a `build.sbt.lock` (sbt-dependency-lock): one that is in no configuration that ships is of development. */
export function lockSbt(document: Fields, locked: LockedPackages): void {
  for (const item of listOf(document, 'dependencies')) {
    if (!isFields(item)) {
      locked.skip();
      continue;
    }
    const configurations = listOf(item, 'configurations');
    const development = !configurations.some((name) => typeof name === 'string' && SHIPPED.has(name));
    locked.add(`${textOf(item, 'org')}:${textOf(item, 'name')}`, textOf(item, 'version'), { development });
  }
}
