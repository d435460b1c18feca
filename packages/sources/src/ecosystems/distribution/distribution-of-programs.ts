import type { Component, Distribution } from '@breakwater/model';

/**
 * The distribution of an image that no file names: one that has a BusyBox and no package is BusyBox's own. Undefined
 * where anything else was found.
 */
export function distributionOfPrograms(components: readonly Component[]): Distribution | undefined {
  const busybox = components.find(
    ({ type, name, path }) => type === 'generic' && name === 'busybox' && /\/bin\//.test(path),
  );
  if (busybox === undefined || components.some(({ type }) => SYSTEM_TYPES.has(type))) return undefined;
  const { version } = busybox;
  return { id: 'busybox', ...(version !== '' && { versionId: version }), name: `BusyBox v${version}`.trim() };
}

const SYSTEM_TYPES: ReadonlySet<Component['type']> = new Set(['deb', 'apk', 'rpm', 'alpm', 'opkg', 'ebuild']);
