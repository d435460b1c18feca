import type { Behaviour } from '@breakwater/model';

/** Numbers, and what is between those of one version. */
const VERSION = /\d+(?:[._-]\d+)*/g;

/**
 * A path whose numbers are starred, so that `libssl.so.1.1` and `libssl.so.3`, or `python3.9` and `python3.11`, are the
 * same: what a release calls the same file otherwise.
 */
export const withoutVersions = (path: string): string => (/\d/.test(path) ? path.replace(VERSION, '*') : path);

/** A behaviour as a text in which versions do not matter; for exec neither whether the file is as the image has it. */
export function versionlessText({ dimension, actor, parent, access, object, applet = '' }: Behaviour): string {
  const named = dimension === 'exec' || dimension === 'open' ? withoutVersions(object) : object;
  return `${dimension}\0${withoutVersions(actor)}\0${withoutVersions(parent)}\0${access ?? ''}\0${named}\0${applet}`;
}
