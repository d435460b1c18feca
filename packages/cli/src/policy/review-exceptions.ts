import { openPolicySet } from '@breakwater/app/estate';
import {
  type ExceptionReview,
  type ExceptionState,
  type Judgement,
  previewExceptions,
  type ReviewedException,
  reviewExceptions as review,
  withJudgement,
} from '@breakwater/app/policies';
import { type Exception, formatPlace, type PolicyResult, UserError } from '@breakwater/model';
import { readPolicies } from '@breakwater/sources/policies';
import { namedPolicies } from '../assess.ts';
import type { Invocation } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { withProgress } from '../scan.ts';
import { countOf } from '../terminal/count-of.ts';
import { bold, dim, green, plain, red, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns } from '../terminal/table.ts';
import { exitCode, type PolicyAction } from './action.ts';
import { locateResults } from './locate-results.ts';
import { printJson, showUnusable } from './show-unusable.ts';

/** Days before its end from which an exception is said to end soon. */
const SOON = 30;

/** Lists exceptions that are in force with what they cover, or shows what further ones would silence. */
export const reviewExceptions: PolicyAction = async (invocation, targets) => {
  const preview = invocation.options['preview'] as string[] | undefined;
  if (preview !== undefined) return await showPreview(invocation, targets, preview);
  const output = outputOption(invocation, ['table', 'json']);
  const within = readCount(invocation, 'within', SOON);
  const reviewed = await reviewTargets(invocation, targets, within);
  if (output === 'json') printJson(reviewed);
  else printReview(reviewed, targets.length > 0);
  return exitCode(false, reviewed.exceptions.some(isOver) || reviewed.unknowns.length > 0);
};

const isOver = ({ state }: ReviewedException): boolean => state !== 'in-force' && state !== 'ends-soon';

async function reviewTargets(invocation: Invocation, targets: string[], within: number): Promise<ExceptionReview> {
  if (targets.length === 0) {
    const { policySet, all, unknowns } = await openPolicySet(namedPolicies(invocation), new Date().toISOString());
    const judgement: Judgement = {
      set: policySet,
      all,
      unknowns,
      objects: [],
      judge: () => [],
      makersOf: () => undefined,
      objectsBehind: () => [],
    };
    return review(judgement, within, false);
  }
  return await withProgress(invocation, targets, (options) =>
    withJudgement(targets, options, (judgement) => review(judgement, within, true)),
  );
}

const STATES: Record<ExceptionState, string> = {
  'in-force': green('in force'),
  'ends-soon': yellow('ends soon'),
  ended: red('ended'),
  'covers-nothing': red('covers nothing'),
  'covered-by-another': red('needless'),
};

function printReview({ exceptions, unknowns }: ExceptionReview, hasTargets: boolean): void {
  const rows = exceptions.map((reviewed) => [
    bold(plain(reviewed.exception.metadata.name)),
    STATES[reviewed.state],
    plain(reviewed.exception.spec.owner),
    `until ${reviewed.exception.spec.expires}`,
    dim(describeCover(reviewed)),
  ]);
  if (rows.length > 0) process.stdout.write(`${wrapColumns(rows, outputWidth()).join('\n')}\n\n`);
  showUnusable(unknowns);
  const over = exceptions.filter(isOver).length;
  const hint = hasTargets ? '' : ' Name targets to see what they cover.';
  process.stdout.write(`${countOf(exceptions.length, 'exception')}, ${over} to take away.${hint}\n`);
}

function describeCover({ state, covers, days, exception }: ReviewedException): string {
  const where = exception.place === undefined ? '' : ` [${plain(formatPlace(exception.place))}]`;
  const subjects = new Set((covers ?? []).map(({ subject }) => subject)).size;
  const about = `${plain(exception.spec.policies.join(', '))}${where}`;
  if (state === 'ended') {
    const again =
      subjects === 0 ? '' : `; ${countOf(subjects, 'subject')} ${subjects === 1 ? 'counts' : 'count'} again`;
    return `${about}: ${countOf(1 - days, 'day')} ago${again}`;
  }
  if (covers === undefined || state === 'covers-nothing') return about;
  if (state === 'covered-by-another') return `${about}: another covers the same ${countOf(subjects, 'subject')}`;
  return `${about}: covers ${countOf(subjects, 'subject')}`;
}

async function showPreview(invocation: Invocation, targets: string[], paths: string[]): Promise<number> {
  const output = outputOption(invocation, ['table', 'json']);
  const { exceptions, unknowns: unusable } = readPolicies(paths);
  if (exceptions.length === 0 && unusable.length === 0) {
    throw new UserError(`There is no exception in ${paths.join(', ')}.`, { code: 'exception-missing' });
  }
  return await withProgress(invocation, targets, (options) =>
    withJudgement(targets, options, async (judgement) => {
      const { silenced, idle } = previewExceptions(judgement, exceptions);
      const located = await locateResults(silenced);
      const unknowns = [...unusable, ...judgement.unknowns];
      if (output === 'json') printJson({ silenced: located, idle, unknowns });
      else {
        printSilenced(located, exceptions);
        for (const { metadata } of idle) {
          process.stdout.write(`${yellow('silences nothing')}  ${plain(metadata.name)}\n`);
        }
        showUnusable(unusable);
      }
      return exitCode(false, idle.length > 0 || unusable.length > 0);
    }),
  );
}

/** Each subject and element once, whatever phases it is silenced in. */
function printSilenced(silenced: readonly PolicyResult[], exceptions: readonly Exception[]): void {
  const merged = [
    ...Map.groupBy(silenced, ({ exception, policy, subject, element }) =>
      JSON.stringify([exception, policy, subject, element]),
    ).values(),
  ].map((same) => ({ ...(same[0] as PolicyResult), phases: same.map(({ phase }) => phase) }));
  for (const { metadata } of exceptions) {
    const own = merged.filter(({ exception }) => exception === metadata.name);
    if (own.length === 0) continue;
    process.stdout.write(`${bold(plain(metadata.name))} would silence ${countOf(own.length, 'result')}\n`);
    const rows = own.map(({ policy, verdict, subject, message, place, phases }) => [
      `  ${plain(policy)}`,
      verdict === 'fail' ? red('fail') : yellow(verdict),
      phases.join(', '),
      `${plain(subject)}: ${plain(message)}${place === undefined ? '' : dim(` [${plain(formatPlace(place))}]`)}`,
    ]);
    process.stdout.write(`${wrapColumns(rows, outputWidth()).join('\n')}\n`);
  }
}
