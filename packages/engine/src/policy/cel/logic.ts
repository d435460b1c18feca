import type { Evaluator } from './frame.ts';
import { Failure, mergeFailures, noSuchOverload, type Value } from './values.ts';

/** Both sides as failures: what is no boolean counts as an error. */
function undecided(name: string, a: Value, b: Value): Value {
  const left = a instanceof Failure ? a : typeof a === 'boolean' ? undefined : noSuchOverload(name, a, b);
  const right = b instanceof Failure ? b : typeof b === 'boolean' ? undefined : noSuchOverload(name, a, b);
  if (left === undefined) return right ?? a;
  return right === undefined ? left : mergeFailures(left, right);
}

/** `&&`: false wins over whatever the other side is. */
export function compileAnd(left: Evaluator, right: Evaluator): Evaluator {
  return (frame) => {
    const a = left(frame);
    if (a === false) return false;
    const b = right(frame);
    if (b === false) return false;
    return a === true && b === true ? true : undecided('_&&_', a, b);
  };
}

/** `||`: true wins over whatever the other side is. */
export function compileOr(left: Evaluator, right: Evaluator): Evaluator {
  return (frame) => {
    const a = left(frame);
    if (a === true) return true;
    const b = right(frame);
    if (b === true) return true;
    return a === false && b === false ? false : undecided('_||_', a, b);
  };
}

export function compileNot(operand: Evaluator): Evaluator {
  return (frame) => {
    frame.cost++;
    const value = operand(frame);
    return typeof value === 'boolean' ? !value : noSuchOverload('!_', value);
  };
}

/** `condition ? yes : no`: only the chosen branch is evaluated. */
export function compileTernary(condition: Evaluator, yes: Evaluator, no: Evaluator): Evaluator {
  return (frame) => {
    const value = condition(frame);
    if (value === true) return yes(frame);
    return value === false ? no(frame) : noSuchOverload('_?_:_', value);
  };
}
