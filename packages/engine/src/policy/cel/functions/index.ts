import { CONVERSIONS } from './conversions.ts';
import type { FunctionDeclaration } from './declaration.ts';
import { LIST_FUNCTIONS } from './lists.ts';
import { SET_FUNCTIONS } from './sets.ts';
import { STRING_EXTENSIONS } from './string-extensions.ts';
import { STRING_FUNCTIONS } from './strings.ts';
import { TIME_FUNCTIONS } from './times.ts';

/** Every library, in order; a new one is a line here. */
const LIBRARIES: FunctionDeclaration[][] = [
  STRING_FUNCTIONS,
  CONVERSIONS,
  TIME_FUNCTIONS,
  STRING_EXTENSIONS,
  LIST_FUNCTIONS,
  SET_FUNCTIONS,
];

const DECLARATIONS = new Map<string, FunctionDeclaration>();
const NAMES = new Set<string>();
for (const declaration of LIBRARIES.flat()) {
  DECLARATIONS.set(`${declaration.style} ${declaration.name} ${declaration.operands}`, declaration);
  NAMES.add(declaration.name);
}

/** The function that a call means, by name, style and number of operands (the target included). */
export const findFunction = (
  name: string,
  style: FunctionDeclaration['style'],
  operands: number,
): FunctionDeclaration | undefined => DECLARATIONS.get(`${style} ${name} ${operands}`);

/** Whether any function has this name, to tell a wrong call from an unknown name. */
export const isFunctionName = (name: string): boolean => NAMES.has(name);
