import type { Component } from '@breakwater/model';
import { formatPurl } from '@breakwater/model/purl';
import { osvEcosystem } from '../distribution/osv-ecosystem.ts';
import { bytesOf, readExecutable } from '../executables/executable.ts';
import { isIdentity } from '../purl-of.ts';
import { isFields, parseJson, textOf } from '../read-text.ts';

/** What the build of a distribution wrote into a program (systemd.io/ELF_PACKAGE_METADATA). */
export interface PackageNote {
  type: string;
  os: string;
  osVersion: string;
  name: string;
  version: string;
  architecture: string;
}

export const NOTE_SECTION = '.note.package';
const TYPE = 0xcafe1a7e;
const LARGEST = 64 * 1024;
const TYPES: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);

/** The note of an ELF file; undefined where it has none that tells a package of a known kind. */
export function readPackageNote(content: Buffer): PackageNote | undefined {
  const section = readExecutable(content)?.sections.find(({ name }) => name === NOTE_SECTION);
  if (section === undefined || section.size < 16 || section.size > LARGEST) return undefined;
  const bytes = bytesOf(section, content);
  const isLittle = content[5] !== 2;
  const word = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const start = 12 + ((word(0) + 3) & ~3);
  if (word(8) !== TYPE || start > bytes.length) return undefined;
  const text = bytes
    .subarray(start, start + word(4))
    .toString('utf8')
    .replace(/\0+$/, '');
  const fields = parseJson(text);
  if (!isFields(fields) || !TYPES.has(textOf(fields, 'type'))) return undefined;
  const field = (name: string): string => textOf(fields, name).slice(0, 1024);
  const note: PackageNote = {
    type: field('type'),
    os: field('os'),
    osVersion: field('osVersion'),
    name: field('name'),
    version: field('version'),
    architecture: field('architecture'),
  };
  return isIdentity(note.name) && isIdentity(note.version) ? note : undefined;
}

/** The package that a program was copied out of; its name is that of the source package. */
export function noteComponent(
  { type, os, osVersion, name, version, architecture }: PackageNote,
  path: string,
): Component {
  const distribution = os === '' ? undefined : osvEcosystem(os, osVersion);
  const purl = formatPurl({
    type,
    namespace: (os || type).toWellFormed(),
    name: name.toWellFormed(),
    version: version.toWellFormed(),
    qualifiers: {
      arch: architecture.toWellFormed(),
      distro: os === '' ? '' : `${os}${osVersion === '' ? '' : `-${osVersion}`}`.toWellFormed(),
    },
  });
  return {
    id: purl,
    type: type as Component['type'],
    name,
    version,
    purl,
    ...(distribution !== undefined && { ecosystem: distribution }),
    source: { name, version },
    ...(architecture !== '' && { architecture }),
    licences: [],
    path: `/${path}`,
    files: [`/${path}`],
    scope: 'installed',
    development: false,
  };
}
