import type { ReleaseFacts, RuntimeEvent } from '@breakwater/model';
import { behaviourDigest } from './release-facts.ts';
import { withoutVariableParts } from './variable-parts.ts';

type Settings = NonNullable<NonNullable<RuntimeEvent['watch']>['settings']>;

/** What runtimes set in each container, and the kubelet for each Service of a namespace, whoever asked for it or not. */
const OF_NOBODY =
  /^(?:PATH|HOME|HOSTNAME|TERM|PWD|OLDPWD|SHLVL|_|container|KUBERNETES_.*|.+_SERVICE_(?:HOST|PORT(?:_.+)?)|.+_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

/**
 * A release as its runtime started it, where no manifest tells: the command line, variables that the image does not set, and
 * limits. What differs between replicas of one thing, as numbers and addresses in arguments, makes no other release.
 */
export function startedWith(facts: ReleaseFacts, settings: Settings): ReleaseFacts {
  const own = [...facts.entrypoint, ...facts.command];
  const told = settings.arguments.map((word) => (own.includes(word) ? word : withoutVariableParts(word)));
  const isOwnStart = facts.entrypoint.length > 0 && facts.entrypoint.every((word, at) => told[at] === word);
  const added = settings.environment.filter((name) => !OF_NOBODY.test(name) && !Object.hasOwn(facts.environment, name));
  const started = {
    ...(told.length > 0 && {
      entrypoint: isOwnStart ? facts.entrypoint : told,
      command: isOwnStart ? told.slice(facts.entrypoint.length) : [],
    }),
    environment: { ...facts.environment, ...Object.fromEntries(added.map((name) => [name, ''])) },
    limits: { ...facts.limits, ...settings.limits },
  };
  return { ...facts, ...started, id: `${facts.id}${MARK}${behaviourDigest(JSON.stringify(started))}` };
}

const MARK = '+';

/** Whether a release is one that `startedWith` made of another, by their ids. */
export const isStartOf = (started: string, id: string): boolean => started.startsWith(`${id}${MARK}`);
