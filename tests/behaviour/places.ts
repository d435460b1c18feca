import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is kept between runs and is not part of the repository: base images, data of containers, raw recordings. */
export const KEPT = process.env['BEHAVIOUR_KEPT'] ?? join(homedir(), '.cache/breakwater-behaviour');
export const RAW_RECORDINGS = join(KEPT, 'recordings');
/** Files of the applications. */
export const FILES = join(import.meta.dirname, 'applications/files');
/** Recordings that are part of the repository. */
export const RECORDINGS = join(import.meta.dirname, 'recordings');
