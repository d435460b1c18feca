import type { Exception, Unknown } from '@breakwater/model';

/**
 * The exceptions that can be told apart, and what is wrong with them, with its place: a second one of a name is left out,
 * for results name the exception that covers them; one for a policy that there is not covers nothing.
 *
 * @param policies names of all policies at hand.
 */
export function checkExceptions(
  exceptions: readonly Exception[],
  policies: ReadonlySet<string>,
): { exceptions: Exception[]; unknowns: Unknown[] } {
  const unknowns: Unknown[] = [];
  const byName = new Map<string, Exception>();
  for (const exception of exceptions) {
    const { metadata, spec, place } = exception;
    const report = (code: string, pointer: (string | number)[], message: string): void => {
      unknowns.push({
        code,
        message: `exception ${metadata.name}: ${message}`,
        place: { source: '', ...place, pointer },
      });
    };
    if (byName.has(metadata.name)) {
      report('exception-invalid', ['metadata', 'name'], 'another exception has this name');
      continue;
    }
    byName.set(metadata.name, exception);
    for (const [index, name] of spec.policies.entries()) {
      if (!policies.has(name)) report('exception-idle', ['spec', 'policies', index], `there is no policy ${name}`);
    }
  }
  return { exceptions: [...byName.values()], unknowns };
}
