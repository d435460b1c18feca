import { z } from 'zod';

/** The operating system of an image, from os-release and its relatives. */
export const Distribution = z.object({
  /** `ID` of os-release: `debian`, `alpine`. */
  id: z.string(),
  /** `VERSION_ID`: `12`, `3.10.9`. Absent for rolling releases. */
  versionId: z.string().optional(),
  codename: z.string().optional(),
  /** `13.5`, where another file states the point release of a release that `versionId` names. */
  pointRelease: z.string().optional(),
  /** `ID_LIKE`: distributions that it was made from, the closest first. */
  like: z.array(z.string()).optional(),
  name: z.string(),
  /** OSV ecosystem with its release, `Debian:12`, `Alpine:v3.10`; absent where OSV has none. */
  ecosystem: z.string().optional(),
});
export type Distribution = z.infer<typeof Distribution>;

/** Kinds of package that are read, as purl types. */
export const ComponentType = z.enum([
  'deb',
  'apk',
  'rpm',
  'alpm',
  'npm',
  'pypi',
  'golang',
  'cargo',
  'maven',
  'gem',
  'composer',
  'nuget',
  'hex',
  'pub',
  'cran',
  'hackage',
  'bitnami',
  'conan',
  'swift',
  'julia',
  'bioconductor',
  'cocoapods',
  'conda',
  'ebuild',
  'opkg',
  'vcpkg',
  'brew',
  'nix',
  'snap',
  'flatpak',
  'cos',
  'bottlerocket',
  'wordpress-plugin',
  'generic',
]);
export type ComponentType = z.infer<typeof ComponentType>;

/** A package inside an image, an SBOM or a lock file. */
export const Component = z.object({
  /** Unique inside its image: the purl, followed by `#path` where one package is present more than once. */
  id: z.string(),
  type: ComponentType,
  /** Full name as its ecosystem spells it: `@babel/core`, `github.com/a/b`, `libssl3`. */
  name: z.string(),
  /** With its epoch where the format has one: `1:2.38-1`. Empty when the source states none. */
  version: z.string(),
  purl: z.string(),
  /** OSV ecosystem to match in: `Debian:12`, `npm`. Absent where no advisory source exists. */
  ecosystem: z.string().optional(),
  /** Source package, where the binary package was built from another name or version (deb, apk origin, rpm). */
  source: z.object({ name: z.string(), version: z.string() }).optional(),
  architecture: z.string().optional(),
  /** Who built it, as the package says (rpm): tells a distribution's own packages from third parties'. */
  vendor: z.string().optional(),
  /** `name:stream:version:context` of an rpm module; versions of one name differ by stream. */
  modularityLabel: z.string().optional(),
  /** CPE 2.3 names under which NVD may speak of it: a guess by name, so what follows from them is less sure. */
  cpes: z.array(z.string()).optional(),
  /** Functions of a Go module that the program holds, by import path; absent where its symbols were not read. */
  symbols: z.array(z.object({ path: z.string(), names: z.array(z.string()) })).optional(),
  licences: z.array(z.string()).default([]),
  /** File that says so: `/var/lib/dpkg/status`, `/app/node_modules/a/package.json`. */
  path: z.string(),
  /** diff_id of the layer in which the component last changed. */
  layer: z.string().optional(),
  /**
   * Paths owned that can run or be loaded (documents, man pages and locales left out). One that ends in `/` owns
   * everything below, the longest prefix wins.
   */
  files: z.array(z.string()).default([]),
  /** Lock files list what would be installed; everything else is installed. */
  scope: z.enum(['installed', 'locked']).default('installed'),
  development: z.boolean().default(false),
  /**
   * Its part in the project that a lock file is of: the project itself (`root`), another part of it (`workspace`), a
   * package that one of these names (`direct`), or that only other packages need (`indirect`). Absent where the file
   * does not tell. The project itself is listed and never matched: private names are those of strangers' packages too.
   */
  relationship: z.enum(['root', 'workspace', 'direct', 'indirect']).optional(),
  /** `Component.id` of each package of the same file that this one needs; absent where the file does not tell. */
  dependsOn: z.array(z.string()).optional(),
  /** One-based line of `path` where it is listed, where that is known. */
  line: z.number().int().positive().optional(),
  /**
   * `Component.id` of the operating system's package that installed this one: its distribution mends it without a new
   * version, so that its advisories are judged first.
   */
  ownedBy: z.string().optional(),
  /**
   * What the identity was concluded from, where the package does not state it itself: a manifest that names a product,
   * the name of a file, a version text in a program. Whatever follows from it is less sure.
   */
  guessedFrom: z.enum(['manifest', 'file-name', 'text']).optional(),
  /** SHA-1 of the archive that it is, where its identity is a guess: repositories of Maven name archives by it. */
  sha1: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
});
export type Component = z.infer<typeof Component>;
