import type { Distribution } from '@breakwater/model';
import { advisoryRelease } from './advisory-release.ts';
import type { Found } from './found-distribution.ts';
import { debianVersion, fromOldFiles } from './old-release-files.ts';
import { osvEcosystem } from './osv-ecosystem.ts';

/** Files that tell the distribution, the best first; relative to the root. */
export const DISTRIBUTION_FILES = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/system-release-cpe',
  'etc/redhat-release',
  'etc/centos-release',
  'etc/system-release',
  'etc/SuSE-release',
  'etc/lsb-release',
  'etc/alpine-release',
  'etc/debian_version',
  'etc/arch-release',
] as const;

const LONGEST_LINE = 1024;

/**
 * Says which distribution an image holds, from os-release(5) or the older files of Red Hat's and Debian's relatives.
 * `read` gives the text of a file of the image, links followed. Undefined where nothing names one.
 */
export function detectDistribution(read: (path: string) => string | undefined): Distribution | undefined {
  const release = read('etc/os-release') ?? read('usr/lib/os-release');
  const found = (release === undefined ? undefined : fromOsRelease(release)) ?? fromOldFiles(read);
  if (found === undefined) return undefined;
  const point = found.id === 'debian' ? debianVersion(read('etc/debian_version')) : undefined;
  const versionId = found.versionId ?? point;
  const named = advisoryRelease(found.id, versionId, found.codename, found.version);
  const ecosystem = osvEcosystem(isRebuild(found) ? 'rhel' : found.id, named, found.longTerm);
  return {
    id: found.id,
    ...(versionId !== undefined && { versionId }),
    ...(found.codename !== undefined && { codename: found.codename }),
    ...(point?.startsWith(`${versionId}.`) && { pointRelease: point }),
    ...(found.like !== undefined && { like: found.like }),
    name: found.name,
    ...(ecosystem !== undefined && { ecosystem }),
  };
}

/**
 * CentOS and Scientific Linux are Red Hat's packages built again, with their versions: what Red Hat says holds for them.
 * CentOS Stream is ahead of Red Hat, and so is not.
 */
function isRebuild({ id, name }: Found): boolean {
  return (id === 'centos' && !/\bStream\b/i.test(name)) || id === 'scientific';
}

function fromOsRelease(text: string): Found | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = line.length > LONGEST_LINE ? null : /^([A-Z_]+)=(.*)$/.exec(line.trim());
    if (match !== null) fields.set(match[1]!, unquote(match[2]!));
  }
  const id = fields.get('ID')?.toLowerCase();
  if (id === undefined || !/^[a-z0-9._-]+$/.test(id)) return undefined;
  const versionId = fields.get('VERSION_ID');
  const codename = fields.get('VERSION_CODENAME');
  const version = fields.get('VERSION');
  return {
    id,
    ...(versionId && { versionId }),
    ...(codename && { codename }),
    ...(version && { version }),
    ...likeOf(fields.get('ID_LIKE') ?? ''),
    name: fields.get('PRETTY_NAME') || fields.get('NAME') || id,
    longTerm: / LTS\b/.test(version ?? fields.get('PRETTY_NAME') ?? ''),
  };
}

function likeOf(text: string): { like?: string[] } {
  const like = text
    .toLowerCase()
    .split(/\s+/)
    .filter((id) => /^[a-z0-9._-]{1,64}$/.test(id));
  return like.length === 0 ? {} : { like };
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return (quoted?.[2] ?? value).replace(/\\(["'\\$`])/g, '$1');
}
