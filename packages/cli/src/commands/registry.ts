import { stampOf } from '@breakwater/app/registries';
import { UserError, WatchedTagQuery } from '@breakwater/model';
import { openRegistryAnswers, type RegistryAnswers } from '../answers/registry-answers.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { notificationToken, notificationTokenPath } from '../notification-token.ts';
import { outputOption, readCount } from '../options.ts';
import { printRegistries, printSprawl, printTags } from '../terminal/print-registries.ts';

export const command: Command = {
  name: 'registry',
  summary: 'Shows what `up --registry` watches: registries, their tags and images, and what gathers that nobody runs.',
  usage: 'list [NAME] | look [NAME] | sprawl | forget NAME | hook',
  examples: [
    { command: 'breakwater registry list', says: 'registries with their state, then their tags' },
    { command: 'breakwater registry list registry.example/shop --sort worst', says: 'tags of one, the worst first' },
    { command: 'breakwater registry look', says: 'look at all of them now' },
    { command: 'breakwater registry sprawl', says: 'tags that nobody runs, old ones, bases without fixes' },
    { command: 'breakwater registry hook', says: 'how a registry tells of a push' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    sort: { type: 'string', value: 'ORDER', help: 'name (default), worst, age or since' },
    only: { type: 'string', value: 'KIND', help: 'unused (no workload runs it) or end-of-life' },
    limit: { type: 'string', value: 'N', help: 'Tags to show (default 50)' },
  },
  async run(invocation) {
    const [action, name, ...more] = invocation.positionals;
    const act = action === undefined || more.length > 0 ? undefined : ACTIONS[action];
    if (act === undefined) {
      throw new UserError('Say what to do: list, look, sprawl, forget or hook.', {
        code: 'action-missing',
        hint: 'breakwater registry --help shows examples.',
      });
    }
    return await act(invocation, name);
  },
};

type Action = (invocation: Invocation, name: string | undefined) => Promise<number>;

const ACTIONS: Record<string, Action> = {
  list: (invocation, name) =>
    answered(invocation, async (answers) => {
      const output = outputOption(invocation, ['table', 'json']);
      const [registries, tags] = [await answers.list(), await answers.tags(tagQuery(invocation, name))];
      if (name !== undefined && !registries.items.some((item) => item.name === name)) throw notWatched(name);
      if (output === 'json') return write({ ...registries, tags });
      printRegistries(registries, Date.now());
      printTags(tags, Date.now());
    }),
  look: (invocation, name) =>
    answered(invocation, async (answers) => {
      const looks = await answers.look(name);
      if (outputOption(invocation, ['table', 'json']) === 'json') return write({ looks });
      process.stdout.write(
        `${looks} ${looks === 1 ? 'look is' : 'looks are'} due now. See: breakwater registry list\n`,
      );
    }),
  sprawl: (invocation) =>
    answered(invocation, async (answers) => {
      const sprawl = await answers.sprawl();
      if (outputOption(invocation, ['table', 'json']) === 'json') return write(sprawl);
      printSprawl(sprawl, Date.now());
    }),
  async forget(invocation, name) {
    if (name === undefined) {
      throw new UserError('Which one? Name it as `breakwater registry list` does.', { code: 'registry-missing' });
    }
    const { openEstateStore } = await import('../up/open-estate-store.ts');
    const store = await openEstateStore(invocation.state);
    try {
      if (!(await store.registries.forget(name))) throw notWatched(name);
    } finally {
      await store.close();
    }
    process.stdout.write(`${name} is watched no longer.\n`);
    return EXIT.passed;
  },
  async hook(invocation) {
    await notificationToken(invocation.state);
    const lines = [
      'Let the registry send its notifications to  POST /hooks/registries  of this server (through a proxy that is yours:',
      'the server itself listens on this machine only), with the header',
      '',
      '  Authorization: Bearer TOKEN',
      '',
      `The token is in ${notificationTokenPath(invocation.state)}. It opens nothing but this.`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return EXIT.passed;
  },
};

async function answered(invocation: Invocation, act: (answers: RegistryAnswers) => Promise<void>): Promise<number> {
  const answers = await openRegistryAnswers(invocation.state, async () => {
    const { readStatus } = await import('@breakwater/app/advisories');
    return stampOf(readStatus(invocation.state));
  });
  try {
    await act(answers);
    return EXIT.passed;
  } finally {
    await answers.close();
  }
}

function tagQuery(invocation: Invocation, registry: string | undefined): WatchedTagQuery {
  const { sort, only } = invocation.options;
  const limit = readCount(invocation, 'limit', 50);
  const parsed = WatchedTagQuery.safeParse({ sort, only, registry, limit: Math.min(limit, 500) });
  if (parsed.success) return parsed.data;
  throw new UserError(`--${String(parsed.error.issues[0]?.path[0] ?? 'sort')} has no such value.`, {
    code: 'option-invalid',
    hint: '--sort name, worst, age or since; --only unused or end-of-life.',
  });
}

function notWatched(name: string): UserError {
  return new UserError(`'${name}' is not watched.`, {
    code: 'registry-not-watched',
    hint: 'breakwater registry list names what is; breakwater up --registry HOST[/PREFIX] watches more.',
  });
}

function write(document: object): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
