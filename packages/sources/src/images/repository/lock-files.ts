/** Files that say which packages a project is built with. */
const LOCK_FILE =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|Pipfile\.lock|uv\.lock|pdm\.lock|pylock(?:\..+)?\.toml|requirements[^/]*\.txt|go\.mod|Cargo\.lock|pom\.xml|(?:buildscript-)?gradle\.lockfile|build\.sbt\.lock|verification-metadata\.xml|Gemfile\.lock|gems\.locked|composer\.lock|packages\.lock\.json|packages\.config|Directory\.Packages\.props|mix\.lock|rebar\.lock|pubspec\.lock|Podfile\.lock|Package\.resolved|conan\.lock|renv\.lock|Manifest\.toml|cabal\.project\.freeze|stack\.yaml\.lock|environment\.ya?ml)$/;

/** Folders into which package managers put what lock files list: reading both would count everything twice. */
export const INSTALLED_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  '.venv',
  'venv',
  '.tox',
  '__pycache__',
  '.gradle',
  '.m2',
  '.cargo',
  '.bundle',
  '.yarn',
  '.pnpm-store',
  'Pods',
]);

/** Whether a file of this name says which packages a project is built with. */
export function isLockFile(name: string): boolean {
  return LOCK_FILE.test(name);
}

/** A list of packages that has a common name: only its content tells it from a manifest. */
const COMMON_NAME = /^environment\.ya?ml$/;
const JAVA_ARCHIVE = /\.(?:jar|war|ear)$/i;
/** What asks for packages: without a lock file beside it, what a build takes is not known. */
const PROJECT = /^(?:package\.json|pyproject\.toml|Cargo\.toml|Gemfile|composer\.json)$/;
/** Lock files that say by holding no byte that nothing is needed. */
const MAY_BE_EMPTY = /^(?:requirements[^/]*\.txt|yarn\.lock)$/;

/** Whether a file of this name always has content: one of no bytes was cut off. */
export function isNeverEmpty(name: string): boolean {
  return isLockFile(name) && !MAY_BE_EMPTY.test(name);
}

/** Whether a file of this name lists packages, is made of some, or asks for them. */
export function holdsPackages(name: string): boolean {
  return isLockFile(name) || JAVA_ARCHIVE.test(name) || PROJECT.test(name);
}

/** Whether a file of this name alone makes the folder around it one that is built of packages. */
export function provesProject(name: string): boolean {
  return holdsPackages(name) && !COMMON_NAME.test(name);
}
