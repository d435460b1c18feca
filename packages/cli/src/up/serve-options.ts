import type { NamedScope } from '@breakwater/app/registries';
import type { EstateStore } from '@breakwater/store';
import type { Invocation } from '../command.ts';
import type { UpdateOptions } from './advisory-updates.ts';

/** What serving an estate needs. */
export interface ServeOptions {
  invocation: Invocation;
  store: EstateStore;
  paths: string[];
  /** Files and folders of policies and exceptions to put in force too. */
  policies: string[];
  /** VEX documents in force. */
  vex: string[];
  port: number;
  /** Registries to watch from now on, beside those that are watched. */
  scopes: NamedScope[];
  /** How the advisories are kept new; undefined: whoever serves does it. */
  updates?: Pick<UpdateOptions, 'hours' | 'feeds' | 'unsafeAllowPrivateAddresses'> | undefined;
}
