/** UTF-16 units of an expression; beyond it compiling is refused. */
export const MAX_SOURCE_LENGTH = 100_000;
/** Brackets, operators and calls inside one another. */
export const MAX_NESTING = 200;
/** Height of the tree, chains of `+` and `.` included: keeps evaluation far from the end of the stack. */
export const MAX_TREE_DEPTH = 500;
/** Units of cost for one evaluation, as an API server allows per call: about a tenth of a second. */
export const DEFAULT_COST_LIMIT = 1_000_000;
