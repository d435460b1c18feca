/**
 * The package that a key of `packages` names: `/@a/b/1.0.0_peer@2.0.0` in lock files before version 6,
 * `/@a/b@1.0.0(peer@2.0.0)` in 6 to 8, `@a/b@1.0.0` in 9. The version is empty where the key names a folder or an
 * address instead. Undefined where it names no package at all: its entry has to.
 */
export function identityOf(key: string, lockfileVersion: number): { name: string; version: string } | undefined {
  return lockfileVersion < 6 ? bySlash(key) : byAt(key, lockfileVersion >= 9);
}

function bySlash(key: string): { name: string; version: string } | undefined {
  const slash = key.lastIndexOf('/');
  const version = key.slice(slash + 1).split('_', 1)[0]!;
  const name = slash === -1 ? '' : lastName(key.slice(0, slash));
  return /^\d/.test(version) && name !== '' ? { name, version } : undefined;
}

function byAt(key: string, isAddressAllowed: boolean): { name: string; version: string } | undefined {
  const parenthesis = key.indexOf('(');
  const path = (parenthesis === -1 ? key : key.slice(0, parenthesis)).replace(/^\//, '');
  const at = path.indexOf('@', path.lastIndexOf('/', path.indexOf('@', 1)) + 2);
  if (at <= 0) return undefined;
  const version = path.slice(at + 1);
  const name = lastName(path.slice(0, at));
  if (name === '') return undefined;
  if (/^\d/.test(version)) return { name, version };
  return isAddressAllowed ? { name, version: '' } : undefined;
}

/** The name at the end of a path that may begin with a registry: `registry.example/@a/b`. */
function lastName(path: string): string {
  const parts = path.split('/');
  const name = parts.at(-1)!;
  const scope = parts.at(-2);
  return scope?.startsWith('@') && scope.length > 1 ? `${scope}/${name}` : name;
}
