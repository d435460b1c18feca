/** Debian's releases by the code name that `VERSION_CODENAME` gives before a release has its number. */
const DEBIAN = new Map([
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
]);

/**
 * The release that advisories name, where os-release states it in other words than `VERSION_ID`: a code name (Debian
 * testing), an edition beside it (openEuler's `22.03 (LTS-SP3)` is `22.03-LTS-SP3`). Else `VERSION_ID` itself.
 */
export function advisoryRelease(
  id: string,
  versionId: string | undefined,
  codename: string | undefined,
  version: string | undefined,
): string | undefined {
  if (id === 'debian') return versionId ?? DEBIAN.get(codename ?? '');
  if (id !== 'openeuler' || versionId === undefined) return versionId;
  const edition = /\(([A-Za-z0-9.-]{1,32})\)/.exec(version ?? '')?.[1];
  return edition === undefined ? versionId : `${versionId}-${edition}`;
}
