import { existsSync } from 'node:fs';
import { type LearnedProfile, UserError } from '@breakwater/model';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { REGISTRY_OPTIONS } from '../registry-reading.ts';

export const command: Command = {
  name: 'profile',
  summary: 'Shows what containers do, as it was learned or recorded, and how sure that is; records what tests show.',
  usage: 'show | settled | diff | export | record | sign | verify | attach  [NAME, FILE or -- CMD]',
  examples: [
    { command: 'breakwater profile show', says: 'what was learned, a line each' },
    { command: 'breakwater profile show cart', says: 'one of them: how sure, behaviours, releases' },
    { command: 'breakwater profile settled cart', says: 'whether it may be blocked, and what is missing' },
    {
      command: 'breakwater profile diff cart --release newest',
      says: 'what the last release changed, and why',
    },
    { command: 'breakwater profile show events.json', says: 'what each container did, and how often' },
    {
      command: 'breakwater profile show events.json --output json > web.json',
      says: 'as a profile, to keep or to compile',
    },
    { command: 'breakwater profile diff before.json after.json', says: 'what one does and the other not' },
    {
      command: 'breakwater profile record --write day0.json -- make test',
      says: 'what containers do while tests of them run',
    },
    {
      command: 'breakwater profile attach cart.json --key pub.pem --image reg/cart:1',
      says: 'put it beside the image in its registry',
    },
  ],
  options: {
    subject: { type: 'string', value: 'NAME', help: 'Of files, only this workload, image or container' },
    container: {
      type: 'string',
      value: 'NAME',
      help: 'Of several containers of a subject this; of record, only this one',
    },
    release: {
      type: 'string',
      value: 'A..B',
      help: 'Compare two releases by their ids, or newest with the one before',
    },
    plain: { type: 'boolean', help: 'Export only what is known, as a set that can be compiled' },
    write: {
      type: 'string',
      value: 'FILE',
      help: 'Where record and sign write (default: profile.json, FILE.signed.json)',
    },
    longest: { type: 'string', value: 'TIME', help: 'How long record records at most: 90s, 30m, 2h (default: 6h)' },
    key: { type: 'string', value: 'FILE', help: 'PEM: the private key that signs, the public one that verifies' },
    image: {
      type: 'string',
      value: 'NAME@DIGEST',
      help: 'Image it is signed for; of attach, and of verify without a file, in a registry',
    },
    layout: { type: 'string', value: 'FOLDER', help: 'OCI layout in which a signed profile is attached to its image' },
    ...REGISTRY_OPTIONS,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
  },
  async run(invocation) {
    const [action, ...names] = invocation.positionals;
    switch (action) {
      case 'show':
        return await show(invocation, names);
      case 'settled':
        return await settled(invocation, names);
      case 'diff':
        return await diff(invocation, names);
      case 'export':
        return await exportOne(invocation, names);
      case 'record': {
        const { recordProfile } = await import('../profile/record-profile.ts');
        return await recordProfile(invocation, names);
      }
      case 'sign':
      case 'verify':
      case 'attach': {
        const { attachFile, signFile, verifyFile } = await import('../profile/sign-profile.ts');
        const act = { sign: signFile, verify: verifyFile, attach: attachFile }[action];
        return await act(invocation, names);
      }
      default:
        throw notUnderstood();
    }
  },
};

function notUnderstood(): UserError {
  return new UserError('Say what to do: show, settled, diff, export, record, sign, verify or attach.', {
    code: 'action-missing',
    hint: `breakwater profile --help shows examples (exit code ${EXIT.differs} where two differ).`,
  });
}

const outputOf = (invocation: Invocation) => outputOption(invocation, ['table', 'json']);

async function show(invocation: Invocation, names: string[]): Promise<number> {
  const output = outputOf(invocation);
  const { listLearned, showLearned } = await import('../profile/show-learned.ts');
  const { readLearned, readLearnedFile } = await import('../profile/read-learned.ts');
  const [name, ...more] = names;
  if (name === undefined) return listLearned(await readLearned(invocation.state), output);
  const file = more.length === 0 ? await readLearnedFile(name) : undefined;
  if (file !== undefined) return showLearned(file, output);
  if (more.length > 0 || existsSync(name)) {
    const { showProfiles } = await import('../profile/show-profiles.ts');
    const wanted = invocation.options['subject'] as string | undefined;
    return await showProfiles(names, { output, wanted, signal: invocation.signal });
  }
  return showLearned(await learnedOf(invocation, name), output);
}

async function settled(invocation: Invocation, [name, ...more]: string[]): Promise<number> {
  if (more.length > 0) throw notUnderstood();
  const { showSettled } = await import('../profile/show-learned.ts');
  const { readLearned } = await import('../profile/read-learned.ts');
  const chosen = name === undefined ? await readLearned(invocation.state) : [await learnedOf(invocation, name)];
  return showSettled(chosen, outputOf(invocation));
}

async function diff(invocation: Invocation, names: string[]): Promise<number> {
  const output = outputOf(invocation);
  const release = invocation.options['release'] as string | undefined;
  const [one, other, ...more] = names;
  if (release !== undefined && one !== undefined && other === undefined) {
    const { showReleases } = await import('../profile/compare-learned.ts');
    return showReleases(await learnedOf(invocation, one), release, output);
  }
  if (one === undefined || other === undefined || more.length > 0) throw notUnderstood();
  const { diffProfiles } = await import('../profile/show-profiles.ts');
  const wanted = invocation.options['subject'] as string | undefined;
  return await diffProfiles([one, other], { output, wanted, signal: invocation.signal });
}

async function exportOne(invocation: Invocation, [name, ...more]: string[]): Promise<number> {
  if (name === undefined || more.length > 0) throw notUnderstood();
  const { exportLearned } = await import('../profile/export-learned.ts');
  return exportLearned(await learnedOf(invocation, name), invocation.options['plain'] === true);
}

/** Of a file, else of what was learned. */
async function learnedOf({ state, options }: Invocation, name: string): Promise<LearnedProfile> {
  const { chooseLearned, readLearned, readLearnedFile } = await import('../profile/read-learned.ts');
  const file = await readLearnedFile(name);
  return file ?? chooseLearned(await readLearned(state), name, options['container'] as string | undefined);
}
