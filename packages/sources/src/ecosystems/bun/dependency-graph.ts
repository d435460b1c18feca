import { type Fields, fieldsOf } from '../read-text.ts';

/** Keys that are longer are of no tree that bun made. */
const LONGEST_KEY = 4096;

/** Names of what a package or a workspace needs to run; peers too, for bun installs them. */
export function dependenciesOf(fields: Fields): string[] {
  return ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((field) =>
    Object.keys(fieldsOf(fields, field)),
  );
}

/**
 * Key of the package that a package gets for a name: the one below itself, else below whom it lies in, up to the top.
 * Keys are names joined by slashes, `a/@b/c/d`.
 */
export function resolveDependency(
  parent: string,
  name: string,
  keys: { has(key: string): boolean },
): string | undefined {
  const start = parent.length > LONGEST_KEY ? '' : parent;
  for (let at = start; at !== ''; at = above(at)) {
    const key = `${at}/${name}`;
    if (keys.has(key)) return key;
  }
  return keys.has(name) ? name : undefined;
}

function above(key: string): string {
  const slash = key.lastIndexOf('/');
  if (slash === -1) return '';
  const rest = key.slice(0, slash);
  const scope = rest.slice(rest.lastIndexOf('/') + 1);
  return scope.startsWith('@') ? rest.slice(0, Math.max(0, rest.length - scope.length - 1)) : rest;
}
