import { compareReach, readReach } from '@breakwater/app/reach';
import { formatPlace, type Unknown, UserError } from '@breakwater/model';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { dotOfListing } from '../reach/dot-of-listing.ts';
import { listTenants } from '../reach/list-tenants.ts';
import { linesOfDifference } from '../reach/print-difference.ts';
import { linesOfListing } from '../reach/print-listing.ts';
import { dim, plain, yellow } from '../terminal/style.ts';

export const command: Command = {
  name: 'reach',
  summary: 'Tells who can talk to whom by the network policies of manifests, and which policy decides.',
  usage: 'PATH... | --diff OLD NEW',
  examples: [
    { command: 'breakwater reach deploy/', says: 'every pair that can connect, with its ports' },
    { command: 'breakwater reach deploy/ --to shop/db', says: 'who reaches the database' },
    { command: 'breakwater reach deploy/ --from web --to db', says: 'what is allowed, what is not, and by which rule' },
    { command: 'breakwater reach deploy/ --from outside', says: 'what policies let in from addresses outside' },
    { command: 'breakwater reach deploy/ --exposure', says: 'what is open to workloads that are not there yet' },
    { command: 'breakwater reach --diff main/ branch/', says: 'connections that a change adds and removes; 3 if any' },
    { command: 'breakwater reach --tenants deploy/', says: 'what tenants of a cluster get at of each other' },
    { command: 'breakwater reach deploy/ -o dot | dot -Tsvg', says: 'the same as a picture' },
  ],
  options: {
    from: { type: 'string', value: 'NAME', help: 'Only from this workload (web, shop/web), or from outside' },
    to: { type: 'string', value: 'NAME', help: 'Only to this workload, or to outside; with --from it says why' },
    exposure: {
      type: 'boolean',
      help: 'Also what is open to workloads that are not there yet, and what no policy is about',
    },
    diff: { type: 'boolean', help: 'Compares two states: the exit code is 3 where connections differ' },
    tenants: {
      type: 'boolean',
      help: 'What tenants get at of each other: network, nodes, plain text, memory, data, hosts',
    },
    'tenant-label': { type: 'string', value: 'LABEL', help: 'With --tenants: the label of namespaces that names them' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json or dot' },
  },
  run: (invocation) => {
    if (invocation.options['tenants'] === true) return listTenants(invocation);
    return invocation.options['diff'] === true ? differ(invocation) : list(invocation);
  },
};

async function list(invocation: Invocation): Promise<number> {
  const { positionals, options, signal } = invocation;
  const output = outputOption(invocation, ['table', 'json', 'dot']);
  if (positionals.length === 0)
    throw new UserError('Reach in which manifests?', { code: 'target-missing', hint: 'breakwater reach PATH...' });
  const exposure = options['exposure'] === true;
  const question = { from: options['from'] as string | undefined, to: options['to'] as string | undefined, exposure };
  const { objects, ...listing } = await readReach(positionals, question, signal);
  if (output === 'json') writeJson(listing);
  else if (output === 'dot') process.stdout.write(dotOfListing(listing));
  else process.stdout.write(`${linesOfListing(listing, exposure).join('\n')}\n`);
  if (options['quiet'] !== true) {
    writeUnknowns(listing.unknowns);
    for (const { message, place } of listing.notes)
      process.stderr.write(`${dim('note')}     ${plain(`${formatPlace(place)}: ${message}`)}\n`);
  }
  return objects === 0 || listing.unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
}

async function differ(invocation: Invocation): Promise<number> {
  const { positionals, options, signal } = invocation;
  const output = outputOption(invocation, ['table', 'json']);
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0)
    throw new UserError('Two states are compared.', {
      code: 'target-missing',
      hint: 'breakwater reach --diff OLD NEW',
    });
  if (options['from'] !== undefined || options['to'] !== undefined || options['exposure'] === true)
    throw new UserError('--diff takes neither --from, --to nor --exposure: it tells every difference.', {
      code: 'option-invalid',
    });
  const { objects, ...difference } = await compareReach(before, after, signal);
  if (output === 'json') writeJson(difference);
  else process.stdout.write(`${linesOfDifference(difference).join('\n')}\n`);
  if (options['quiet'] !== true) writeUnknowns(difference.unknowns);
  if (objects === 0 || difference.unknowns.length > 0) return EXIT.unknown;
  return difference.changes.length > 0 ? EXIT.differs : EXIT.passed;
}

function writeJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

function writeUnknowns(unknowns: readonly Unknown[]): void {
  for (const { message, place } of unknowns)
    process.stderr.write(`${yellow('unknown')}  ${plain(`${formatPlace(place)}: ${message}`)}\n`);
}
