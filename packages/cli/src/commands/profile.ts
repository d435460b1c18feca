import { UserError } from '@breakwater/model';
import { type Command, EXIT } from '../command.ts';
import { outputOption } from '../options.ts';

export const command: Command = {
  name: 'profile',
  summary: 'Shows what containers do, from recorded events or written profiles, and what differs between two.',
  usage: 'show FILE... | diff FILE FILE',
  examples: [
    { command: 'breakwater profile show events.json', says: 'what each container did, and how often' },
    {
      command: 'breakwater profile show events.json --output json > web.json',
      says: 'as a profile, to keep or to compile',
    },
    { command: 'breakwater profile diff before.json after.json', says: 'what one does and the other not' },
  ],
  options: {
    subject: { type: 'string', value: 'NAME', help: 'Only this workload, image or container' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
  },
  async run(invocation) {
    const [action, ...files] = invocation.positionals;
    const output = outputOption(invocation, ['table', 'json']);
    const wanted = invocation.options['subject'] as string | undefined;
    const { diffProfiles, showProfiles } = await import('../profile/show-profiles.ts');
    if (action === 'show' && files.length > 0) return await showProfiles(files, { output, wanted, ...invocation });
    if (action === 'diff' && files.length === 2) return await diffProfiles(files, { output, wanted, ...invocation });
    throw new UserError('Say what to do: show FILE..., or diff FILE FILE.', {
      code: 'action-missing',
      hint: `breakwater profile --help shows examples (exit code ${EXIT.differs} where two differ).`,
    });
  },
};
