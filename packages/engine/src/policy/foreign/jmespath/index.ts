export { isEqual, type JmesPathFunctions, StepBudget } from './evaluate.ts';
export { listIn, numberIn, objectIn, STANDARD_FUNCTIONS, textIn } from './functions.ts';
export { JmesPathError, JmesPathUnknown } from './jmespath-error.ts';
export { parseJmesPath } from './parser.ts';
export { queryJmesPath } from './query.ts';
export { type Budget, bounded, joined, requireLength, sizeOf, writeText } from './sizes.ts';
