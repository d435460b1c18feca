import type { Distribution } from '@breakwater/model';
import { advisoryRelease } from './advisory-release.ts';
import { osvEcosystem } from './osv-ecosystem.ts';
import { parseReleaseLine } from './release-line.ts';

/** Files that tell the distribution, the best first; relative to the root. */
export const DISTRIBUTION_FILES = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/system-release-cpe',
  'etc/redhat-release',
  'etc/alpine-release',
  'etc/debian_version',
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
  const versionId = found.versionId ?? (found.id === 'debian' ? debianVersion(read('etc/debian_version')) : undefined);
  const named = advisoryRelease(found.id, versionId, found.codename, found.version);
  const ecosystem = osvEcosystem(found.id, named, found.longTerm);
  return {
    id: found.id,
    ...(versionId !== undefined && { versionId }),
    ...(found.codename !== undefined && { codename: found.codename }),
    name: found.name,
    ...(ecosystem !== undefined && { ecosystem }),
  };
}

interface Found {
  id: string;
  versionId?: string;
  codename?: string;
  /** `VERSION`, for people: `22.03 (LTS-SP3)`. */
  version?: string;
  name: string;
  longTerm?: boolean;
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
    name: fields.get('PRETTY_NAME') || fields.get('NAME') || id,
    longTerm: / LTS\b/.test(version ?? fields.get('PRETTY_NAME') ?? ''),
  };
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return (quoted?.[2] ?? value).replace(/\\(["'\\$`])/g, '$1');
}

function fromOldFiles(read: (path: string) => string | undefined): Found | undefined {
  const cpe = /^cpe:(?:\/|2\.3:)o:([a-z0-9._-]{1,64}):[^:]{1,64}:([0-9.]{1,32})/.exec(
    read('etc/system-release-cpe') ?? '',
  );
  const line = parseReleaseLine(read('etc/redhat-release')?.split('\n')[0] ?? '');
  if (line !== undefined) return line;
  if (cpe !== null) return { id: cpe[1]!, versionId: cpe[2]!, name: cpe[1]! };
  const alpine = read('etc/alpine-release')?.trim();
  if (alpine !== undefined && /^\d[\w.]{0,32}$/.test(alpine)) {
    return { id: 'alpine', versionId: alpine, name: `Alpine Linux ${alpine}` };
  }
  const debian = debianVersion(read('etc/debian_version'));
  return debian === undefined ? undefined : { id: 'debian', versionId: debian, name: `Debian ${debian}` };
}

/** `12.5`; testing and unstable have names there (`trixie/sid`) and so no number. */
function debianVersion(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,4}(?:\.\d{1,4})?$/.test(trimmed) ? trimmed : undefined;
}
