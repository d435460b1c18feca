import type { Behaviour } from '@breakwater/model';

/** Numbers, and what is between those of one version. */
const VERSION = /\d+(?:[._-]\d+)*/g;

/** Folders that distributions moved below /usr, one release earlier and another later. */
const MERGED = /^\/usr(?=\/(?:s?bin|lib(?:32|64|x32)?)\/)/;

/**
 * A path whose numbers are starred, so that `libssl.so.1.1` and `libssl.so.3`, or `python3.9` and `python3.11`, are the
 * same, and `/bin/sh` is `/usr/bin/sh`: what a release calls the same file otherwise.
 */
export function withoutVersions(path: string): string {
  const merged = path.startsWith('/usr/') ? path.replace(MERGED, '') : path;
  return /\d/.test(merged) ? merged.replace(VERSION, '*') : merged;
}

/** A behaviour as a text in which versions do not matter; for exec neither whether the file is as the image has it. */
export function versionlessText({ dimension, actor, parent, access, object, applet = '' }: Behaviour): string {
  const named = dimension === 'exec' || dimension === 'open' ? withoutVersions(object) : object;
  return `${dimension}\0${withoutVersions(actor)}\0${withoutVersions(parent)}\0${access ?? ''}\0${named}\0${applet}`;
}
