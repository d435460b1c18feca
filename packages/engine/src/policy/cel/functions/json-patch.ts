import { traverse } from '../cost/prices.ts';
import { STRING } from '../types.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Keys as JSON pointers write them (RFC 6901, section 3). */
export const JSON_PATCH_FUNCTIONS: FunctionDeclaration[] = [
  global('jsonpatch.escapeKey', [STRING], STRING, (_, key) => escapeKey(key), traverse(0, 0.1, true)),
];
