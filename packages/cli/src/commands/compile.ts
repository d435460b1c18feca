import { POLICIES_OPTION } from '../assess.ts';
import type { Command } from '../command.ts';
import { SCAN_OPTIONS } from '../scan.ts';

export const command: Command = {
  name: 'compile',
  summary: 'Compiles policies to what API servers enforce by themselves, and says what stays with the webhook.',
  usage: 'TARGET [POLICY...]',
  examples: [
    { command: 'breakwater compile validating-admission-policy | kubectl apply -f -', says: 'all that it can enforce' },
    { command: 'breakwater compile validating-admission-policy no-host-ports', says: 'one policy, by its name' },
    { command: 'breakwater compile validating-admission-policy --output vap/', says: 'a file for each' },
    {
      command: 'breakwater compile validating-admission-policy --until 2027-01-31',
      says: 'exceptions that last so long too',
    },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FOLDER', help: 'One file a policy there (default: all to stdout)' },
    policies: POLICIES_OPTION,
    packs: SCAN_OPTIONS.packs,
    'kubernetes-version': { type: 'string', value: '1.N', help: 'Version of the API servers (default: latest)' },
    until: {
      type: 'string',
      value: 'DATE',
      help: 'Day by which it is compiled again: compiles exceptions in',
    },
    'failure-policy': { type: 'string', value: 'WHAT', help: 'On errors in evaluation: Fail (default) or Ignore' },
    'exclude-namespace': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'Enforce nothing there (default: namespaces of Kubernetes)',
    },
  },
  async run(invocation) {
    const { compilePolicies, targetNamed } = await import('../policy/compile-policies.ts');
    const [name, ...policies] = invocation.positionals;
    return await compilePolicies(
      invocation,
      targetNamed(name),
      policies,
      invocation.options['output'] as string | undefined,
    );
  },
};
