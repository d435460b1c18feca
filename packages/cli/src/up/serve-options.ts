import type { Judging } from '@breakwater/app/estate';
import type { NamedScope } from '@breakwater/app/registries';
import type { EstateStore } from '@breakwater/store';
import type { ClusterReading } from '../cluster-options.ts';
import type { Invocation } from '../command.ts';
import type { IngestSettings } from '../ingest/ingest-options.ts';
import type { UpdateOptions } from './advisory-updates.ts';

/** What serving an estate needs. */
export interface ServeOptions {
  invocation: Invocation;
  store: EstateStore;
  paths: string[];
  /** What is judged by. */
  judging: Judging;
  /** How clusters among the paths are found and read. */
  clusters: ClusterReading;
  port: number;
  /** File of the public key of profiles that are attached to images among the paths; undefined: they are not used. */
  profileKey?: string | undefined;
  /** Registries to watch from now on, beside those that are watched. */
  scopes: NamedScope[];
  /** How the advisories are kept new; undefined: whoever serves does it. */
  updates?: Pick<UpdateOptions, 'hours' | 'feeds' | 'unsafeAllowPrivateAddresses'> | undefined;
  /** How events are taken; undefined: another process takes them. */
  ingest: IngestSettings | undefined;
}
