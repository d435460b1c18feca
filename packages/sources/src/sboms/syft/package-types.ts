import type { Component } from '@breakwater/model';

/** Kinds of package as Syft names them, as purl types; https://github.com/anchore/syft/blob/main/syft/pkg/type.go. */
const TYPES = new Map<string, Component['type']>([
  ['alpm', 'alpm'],
  ['apk', 'apk'],
  ['cocoapods', 'cocoapods'],
  ['conan', 'conan'],
  ['conda', 'conda'],
  ['dart-pub', 'pub'],
  ['deb', 'deb'],
  ['dotnet', 'nuget'],
  ['dpkg', 'deb'],
  ['gem', 'gem'],
  ['go-module', 'golang'],
  ['hackage', 'hackage'],
  ['hex', 'hex'],
  ['java-archive', 'maven'],
  ['jenkins-plugin', 'maven'],
  ['npm', 'npm'],
  ['php-composer', 'composer'],
  ['portage', 'ebuild'],
  ['python', 'pypi'],
  ['R-package', 'cran'],
  ['rpm', 'rpm'],
  ['rust-crate', 'cargo'],
  ['swift', 'swift'],
  ['wordpress-plugin', 'wordpress-plugin'],
]);

/** The purl type of a kind of package that Syft names; undefined for programs and others that have none. */
export function typeOfSyft(type: string): Component['type'] | undefined {
  return TYPES.get(type);
}
