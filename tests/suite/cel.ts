import { Authorizer, CelError, compileExpression, ExpressionError, type Value } from '@breakwater/engine/policy';
import { typedValue } from './cel-values.ts';
import type { Answer, Suite } from './suite.ts';

/** `authorizer` is the only variable, and always allows. */
const VARIABLES = { authorizer: 'kubernetes.authorization.Authorizer' };
const ALLOWS = new Authorizer(() => ({ allowed: true }));
/** What the source's estimates take strings and bytes to be whose length the expression does not tell. */
const SIZES = { string: { min: 0, max: 12 }, bytes: { min: 0, max: 12 } };

function answerValue(value: Value): Answer {
  if (value instanceof CelError) return { answer: { error: 'runtime' } };
  const written = typedValue(value);
  return written === undefined ? { unsupported: 'the value cannot be written' } : { answer: written };
}

/** Kubernetes' own functions: the value of an expression, the stage of its error, or what it costs. */
export const celSuite: Suite = {
  name: 'cel',
  reads: ['kind', 'library', 'expression', 'semver_version'],
  answer({ kind, expression, semver_version }) {
    if (typeof expression !== 'string') return { unsupported: 'the case has no expression' };
    const semverVersion = semver_version === 0 ? 0 : 1;
    try {
      const compiled = compileExpression(expression, { variables: VARIABLES, sizes: SIZES, semverVersion });
      const { value, cost } = compiled.measure({ authorizer: ALLOWS });
      if (kind !== 'cost') return answerValue(value);
      return { answer: { estimated: compiled.estimate(), runtime: cost } };
    } catch (error) {
      if (error instanceof ExpressionError) return { answer: { error: 'compile' } };
      throw error;
    }
  },
};
