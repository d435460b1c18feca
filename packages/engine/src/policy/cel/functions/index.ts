import { AUTHORIZER_FUNCTIONS } from './authorizer.ts';
import { CIDR_FUNCTIONS } from './cidr.ts';
import { CONVERSIONS } from './conversions.ts';
import type { FunctionDeclaration } from './declaration.ts';
import { ENCODER_FUNCTIONS } from './encoders.ts';
import { FORMAT_FUNCTIONS } from './formats.ts';
import { IP_FUNCTIONS } from './ip.ts';
import { JSON_PATCH_FUNCTIONS } from './json-patch.ts';
import { LIST_EXTENSIONS } from './list-extensions.ts';
import { LIST_FUNCTIONS } from './lists.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { BIT_FUNCTIONS } from './math-bits.ts';
import { OPTIONAL_FUNCTIONS } from './optionals.ts';
import { QUANTITY_FUNCTIONS } from './quantity.ts';
import { REGEX_FUNCTIONS } from './regex.ts';
import { SEMVER_FUNCTIONS } from './semver.ts';
import { SET_FUNCTIONS } from './sets.ts';
import { STRING_EXTENSIONS } from './string-extensions.ts';
import { STRING_FORMATTING } from './string-formatting.ts';
import { STRING_FUNCTIONS } from './strings.ts';
import { TIME_FUNCTIONS } from './times.ts';
import { URL_FUNCTIONS } from './urls.ts';

/** Every library, in order; a new one is a line here. */
const LIBRARIES: FunctionDeclaration[][] = [
  STRING_FUNCTIONS,
  CONVERSIONS,
  TIME_FUNCTIONS,
  STRING_EXTENSIONS,
  STRING_FORMATTING,
  LIST_FUNCTIONS,
  LIST_EXTENSIONS,
  SET_FUNCTIONS,
  MATH_FUNCTIONS,
  BIT_FUNCTIONS,
  ENCODER_FUNCTIONS,
  OPTIONAL_FUNCTIONS,
  REGEX_FUNCTIONS,
  URL_FUNCTIONS,
  IP_FUNCTIONS,
  CIDR_FUNCTIONS,
  QUANTITY_FUNCTIONS,
  SEMVER_FUNCTIONS,
  FORMAT_FUNCTIONS,
  AUTHORIZER_FUNCTIONS,
  JSON_PATCH_FUNCTIONS,
];

/** Functions by style and name. */
export type FunctionTable = Readonly<
  Record<FunctionDeclaration['style'], ReadonlyMap<string, readonly FunctionDeclaration[]>>
>;

/** The overloads of each name. */
export const tabulate = (declarations: readonly FunctionDeclaration[]): FunctionTable => ({
  global: Map.groupBy(
    declarations.filter(({ style }) => style === 'global'),
    ({ name }) => name,
  ),
  member: Map.groupBy(
    declarations.filter(({ style }) => style === 'member'),
    ({ name }) => name,
  ),
});

const BY_NAME = tabulate(LIBRARIES.flat());
const NONE: readonly FunctionDeclaration[] = [];

/** The overloads of a name, as a global or as a member function, with those that the caller adds. */
export function findFunctions(
  name: string,
  style: FunctionDeclaration['style'],
  added?: FunctionTable,
): readonly FunctionDeclaration[] {
  const known = BY_NAME[style].get(name) ?? NONE;
  const more = added?.[style].get(name);
  return more === undefined ? known : [...known, ...more];
}
