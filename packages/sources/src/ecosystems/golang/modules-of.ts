/** A module that is linked into an executable. */
export interface LinkedModule {
  path: string;
  /** Empty where none is known: `(devel)`. */
  version: string;
}

export interface LinkedModules {
  main: LinkedModule | undefined;
  dependencies: LinkedModule[];
  /** Lines that have none of the known forms. */
  unreadable: number;
}

const MOST_LINES = 100_000;
const RELEASE = /^v?\d+(?:\.\d+){1,3}(?:[-+][0-9A-Za-z.+-]{1,128})?$/;
/** `-X path/to/package.Version=v1.2.3`, quoted or not. */
const SET_VERSION = /-X[ =]+['"]?([^\s'"=]{1,512})\.(\w{1,64})=([^\s'"]{1,128})/g;
const VERSION_NAME =
  /^(?:app|build|git|go|main|program|release)?_?(?:version|ver|tag|versionstring|gitversion|gittag)$/i;

/**
 * Modules in the text of build information (runtime/debug, `ParseBuildInfo`): the replacement of a module counts, for
 * its code is what was compiled. A main module without a version gets the one that its linker flags set, where they
 * name one and no other.
 */
export function modulesOf(text: string): LinkedModules {
  const result: LinkedModules = { main: undefined, dependencies: [], unreadable: 0 };
  let flags = '';
  let last: LinkedModule | undefined;
  for (const line of text.split('\n', MOST_LINES)) {
    const [key, ...fields] = line.split('\t');
    if (key === 'mod' || key === 'dep') {
      last = toModule(fields);
      if (last === undefined) result.unreadable += 1;
      else if (key === 'mod') result.main = last;
      else result.dependencies.push(last);
    } else if (key === '=>') {
      const replacement = toModule(fields);
      if (last === undefined || replacement === undefined) result.unreadable += 1;
      // A folder in place of a module: its path says nothing, and its content has no version.
      else if (/^(?:\.{0,2}\/|[A-Za-z]:\\)/.test(replacement.path)) last.version = '';
      else Object.assign(last, replacement);
    } else if (key === 'build' && fields[0]?.startsWith('-ldflags=')) flags = fields[0];
  }
  if (result.main !== undefined && result.main.version === '') result.main.version = versionInFlags(flags);
  return result;
}

function toModule([path, version]: string[]): LinkedModule | undefined {
  if (path === undefined || path === '') return undefined;
  return { path, version: version === undefined || version === '(devel)' ? '' : version };
}

function versionInFlags(flags: string): string {
  const text = flags.slice(0, 64 * 1024).replaceAll('\\"', '"');
  const versions = new Set<string>();
  for (const [, , name, value] of text.matchAll(SET_VERSION)) {
    if (VERSION_NAME.test(name!) && RELEASE.test(value!)) versions.add(value!.replace(/^v?/, 'v'));
  }
  return versions.size === 1 ? [...versions][0]! : '';
}
