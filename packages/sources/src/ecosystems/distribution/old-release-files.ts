import type { Found } from './found-distribution.ts';
import { parseReleaseLine } from './release-line.ts';

type Read = (path: string) => string | undefined;

const LONGEST = 4096;

/** The distribution by the files that were there before os-release, or are where somebody took it out. */
export function fromOldFiles(read: Read): Found | undefined {
  return fromRedHat(read) ?? fromSuse(read) ?? fromLsb(read) ?? fromSmall(read);
}

function fromRedHat(read: Read): Found | undefined {
  const cpe = /^cpe:(?:\/|2\.3:)o:([a-z0-9._-]{1,64}):[^:]{1,64}:([0-9.]{1,32})/.exec(
    read('etc/system-release-cpe') ?? '',
  );
  for (const path of ['etc/redhat-release', 'etc/centos-release', 'etc/system-release']) {
    const line = parseReleaseLine(read(path)?.split('\n', 1)[0] ?? '');
    if (line !== undefined) return line;
  }
  return cpe === null ? undefined : { id: cpe[1]!, versionId: cpe[2]!, name: cpe[1]! };
}

/** `SUSE Linux Enterprise Server 11 (x86_64)`, then `VERSION = 11` and `PATCHLEVEL = 4`. */
function fromSuse(read: Read): Found | undefined {
  const text = read('etc/SuSE-release')?.slice(0, LONGEST) ?? '';
  const name = text.split('\n', 1)[0]!.trim();
  const version = /^VERSION = (\d{1,4}(?:\.\d{1,4})?)\s*$/m.exec(text)?.[1];
  const pack = /^PATCHLEVEL = (\d{1,4})\s*$/m.exec(text)?.[1];
  if (version === undefined) return undefined;
  const id = /^SUSE Linux Enterprise/i.test(name) ? 'sles' : /^openSUSE/i.test(name) ? 'opensuse' : undefined;
  if (id === undefined) return undefined;
  return { id, versionId: id === 'sles' && pack !== undefined && pack !== '0' ? `${version}.${pack}` : version, name };
}

/** `DISTRIB_ID=Ubuntu`: written by Ubuntu and those that are made from it. */
function fromLsb(read: Read): Found | undefined {
  const text = read('etc/lsb-release')?.slice(0, LONGEST) ?? '';
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}="?([^"\\n]{1,256}?)"?\\s*$`, 'm').exec(text)?.[1];
  const id = field('DISTRIB_ID')?.toLowerCase();
  if (id === undefined || !/^[a-z0-9._-]{1,64}$/.test(id)) return undefined;
  const versionId = field('DISTRIB_RELEASE');
  const codename = field('DISTRIB_CODENAME');
  const name = field('DISTRIB_DESCRIPTION') ?? id;
  return {
    id,
    ...(versionId !== undefined && versionId !== 'rolling' && { versionId }),
    ...(codename !== undefined && { codename }),
    name,
    longTerm: / LTS\b/.test(name),
  };
}

function fromSmall(read: Read): Found | undefined {
  const alpine = read('etc/alpine-release')?.trim();
  if (alpine !== undefined && /^\d[\w.]{0,32}$/.test(alpine)) {
    return { id: 'alpine', versionId: alpine, name: `Alpine Linux ${alpine}` };
  }
  const debian = debianVersion(read('etc/debian_version'));
  if (debian !== undefined) return { id: 'debian', versionId: debian, name: `Debian ${debian}` };
  // An empty file, or a word.
  const arch = read('etc/arch-release');
  return arch === undefined || arch.length > LONGEST ? undefined : { id: 'arch', name: 'Arch Linux' };
}

/** `12.5`; testing and unstable have names there (`trixie/sid`) and so no number. */
export function debianVersion(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,4}(?:\.\d{1,4})?$/.test(trimmed) ? trimmed : undefined;
}
