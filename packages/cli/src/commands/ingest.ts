import { issueSensorKey } from '@breakwater/app/ingest';
import { UserError } from '@breakwater/model';
import type { EstateStore } from '@breakwater/store';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { printProfile, printSensors } from '../terminal/print-sensors.ts';
import { openEstateStore } from '../up/open-estate-store.ts';

export const command: Command = {
  name: 'ingest',
  summary: 'Makes and revokes the keys with which sensors send events, and shows who sends, and what was seen.',
  usage: 'list | key NAME | revoke NAME | profile [SUBJECT]',
  examples: [
    { command: 'breakwater ingest key east > sensor.key', says: 'a key that may send events, and nothing else' },
    { command: 'breakwater ingest key east --cluster east > sensor.key', says: 'of one cluster' },
    { command: 'breakwater ingest list', says: 'who sends, and how much was lost or not understood' },
    { command: 'breakwater ingest revoke east', says: 'within five seconds nothing is taken with it' },
    { command: 'breakwater ingest profile shop/Deployment/cart', says: 'what a workload was seen to do' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    cluster: {
      type: 'string',
      value: 'NAME',
      help: 'key: cluster of those who send with it, as its context is called',
    },
  },
  async run(invocation) {
    const [action = 'list', name, ...more] = invocation.positionals;
    const act = more.length > 0 || !Object.hasOwn(ACTIONS, action) ? undefined : ACTIONS[action];
    if (act === undefined) {
      throw new UserError('Say what to do: list, key NAME, revoke NAME or profile.', {
        code: 'action-missing',
        hint: 'breakwater ingest --help shows examples.',
      });
    }
    const store = await openEstateStore(invocation.state);
    try {
      await act(store.ingest, invocation, name);
      return EXIT.passed;
    } finally {
      await store.close();
    }
  },
};

type Action = (store: EstateStore['ingest'], invocation: Invocation, name: string | undefined) => Promise<void>;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const ACTIONS: Record<string, Action> = {
  async list(store, invocation) {
    const [keys, sensors] = [await store.keys(), await store.sensors()];
    if (outputOption(invocation, ['table', 'json']) === 'json') {
      return write({ keys: keys.map(({ hash: _, ...key }) => key), sensors });
    }
    printSensors(keys, sensors, Date.now());
  },
  async key(store, { options }, name) {
    const { text, key } = issueSensorKey(nameOf(name), new Date().toISOString(), clusterOf(options['cluster']));
    if (!(await store.addKey(key))) {
      throw new UserError(`There is a key ${key.name} already.`, {
        code: 'key-exists',
        hint: `Revoke it first, breakwater ingest revoke ${key.name}, or choose another name.`,
      });
    }
    process.stdout.write(`${text}\n`);
    if (options['quiet'] !== true)
      process.stderr.write('Keep it in a file that only the sensor reads: it is not shown again.\n');
  },
  async revoke(store, _, name) {
    if (!(await store.revokeKey(nameOf(name), new Date().toISOString()))) {
      throw new UserError(`There is no key ${name} that is good.`, {
        code: 'key-missing',
        hint: 'breakwater ingest list names those that there are.',
      });
    }
    process.stdout.write(`${name} is revoked.\n`);
  },
  async profile(store, invocation, subject) {
    await store.compact();
    const isJson = outputOption(invocation, ['table', 'json']) === 'json';
    if (subject === undefined) {
      const subjects = await store.subjects();
      if (isJson) return write({ subjects });
      process.stdout.write(subjects.map((name) => `${name}\n`).join('') || 'Nothing was seen yet.\n');
      return;
    }
    const profile = await store.profile(subject);
    if (profile === undefined) {
      throw new UserError(`Nothing was seen of ${subject}.`, {
        code: 'profile-missing',
        hint: 'breakwater ingest profile names whom something was seen of.',
      });
    }
    if (isJson) return write(profile);
    printProfile(profile);
  },
};

function nameOf(name: string | undefined): string {
  if (name !== undefined && NAME.test(name)) return name;
  throw new UserError('A key has a name of letters, digits, dots and dashes.', {
    code: 'name-invalid',
    hint: 'Name it by who sends: breakwater ingest key east',
  });
}

/** Names of contexts hold nearly anything. */
function clusterOf(name: unknown): string | undefined {
  if (name === undefined || (typeof name === 'string' && /^[\x21-\x7e]{1,253}$/.test(name))) return name;
  throw new UserError('A cluster has a name without spaces, of 253 characters at most.', {
    code: 'name-invalid',
    hint: 'kubectl config get-contexts shows what yours are called.',
  });
}

function write(document: object): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
