import { type DryRun, dryRun, type TeamPolicy, type TeamReport, withJudgement } from '@breakwater/app/policies';
import { formatPlace, Phase, type PolicyResult, UserError } from '@breakwater/model';
import type { Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { withProgress } from '../scan.ts';
import { countOf } from '../terminal/count-of.ts';
import { describeUnknowns } from '../terminal/describe-unknowns.ts';
import { bold, dim, green, plain, red, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns, wrapText } from '../terminal/table.ts';
import { exitCode, type PolicyAction } from './action.ts';
import { locateResults } from './locate-results.ts';
import { printJson } from './show-unusable.ts';

/** Policies of a team, and places of a policy, shown unless all are asked for. What refuses is always shown. */
const SHOWN_POLICIES = 8;
const SHOWN_PLACES = 2;

/** Shows by team what a phase would refuse today; nothing is refused. */
export const tryDry: PolicyAction = async (invocation, targets) => {
  const output = outputOption(invocation, ['table', 'json']);
  const phase = phaseOption(invocation);
  const { raise = [], 'team-label': teamLabels } = invocation.options as Record<string, string[] | undefined>;
  return await withProgress(invocation, targets, (options) =>
    withJudgement(targets, options, async (judgement) => {
      const tried = dryRun(judgement, { phase, raise, teamLabels });
      const { unknowns } = judgement;
      if (output === 'json') printJson({ ...tried, unknowns });
      else {
        const lines = await describe(tried, invocation.options['all'] === true);
        process.stdout.write(`${[...lines, ...describeUnknowns(unknowns, outputWidth())].join('\n')}\n`);
      }
      return exitCode(
        tried.teams.some(({ refused }) => refused > 0),
        tried.teams.some(hasUndecided),
      );
    }),
  );
};

function phaseOption({ options }: Invocation): Phase {
  const { success, data } = Phase.safeParse(options['phase'] ?? 'deploy');
  if (success) return data;
  throw new UserError(`There is no phase ${String(options['phase'])}.`, {
    code: 'option-invalid',
    hint: `Choose one of: ${Phase.options.join(', ')}.`,
  });
}

const hasUndecided = ({ policies }: TeamReport): boolean =>
  policies.some(({ enforcement, undecided }) => enforcement === 'block' && undecided > 0);

const RUNGS = { block: red('block'), warn: yellow('warn'), audit: dim('audit') };
const FROM: Record<TeamReport['from'], string> = {
  label: 'it says so itself',
  'namespace-label': 'its namespace says so',
  'code-owners': 'CODEOWNERS',
  namespace: 'no team is named',
  nobody: 'no team is named',
};

async function describe(tried: DryRun, all: boolean): Promise<string[]> {
  const width = outputWidth();
  const lines: string[] = [];
  for (const team of tried.teams) {
    const head = team.refused > 0 ? red(`${countOf(team.refused, 'object')} refused`) : green('nothing refused');
    lines.push(`${bold(plain(team.name))}  ${head}  ${dim(FROM[team.from])}`);
    const shown = all ? team.policies : team.policies.filter((entry, index) => index < SHOWN_POLICIES || blocks(entry));
    const located = await Promise.all(
      shown.map(({ results }) => locateResults(all ? results : results.slice(0, SHOWN_PLACES))),
    );
    const rows = shown.map((policy, index) => describePolicy(policy, located[index] ?? []));
    lines.push(...wrapColumns(rows, width));
    const hidden = team.policies.length - shown.length;
    if (hidden > 0) lines.push(dim(`  and ${countOf(hidden, 'policy', 'policies')} more (--all shows them)`));
    lines.push('');
  }
  return [...lines, ...wrapText(verdictOf(tried), width)];
}

const blocks = ({ enforcement }: TeamPolicy): boolean => enforcement === 'block';

function describePolicy(
  { policy, enforcement, failing, undecided, results }: TeamPolicy,
  shown: PolicyResult[],
): string[] {
  const count = [failing > 0 ? `${failing} fail` : '', undecided > 0 ? `${undecided} not decided` : ''];
  const more = results.length - shown.length;
  const places = shown.map(({ subject, place, message }) =>
    plain(`${place?.line === undefined ? subject : formatPlace(place)} ${message}`),
  );
  return [
    `  ${plain(policy)}`,
    RUNGS[enforcement],
    count.filter((text) => text !== '').join(', '),
    dim(places.join('; ') + (more > 0 ? `; and ${more} more` : '')),
  ];
}

const NOUNS: Record<Phase, string> = { build: 'The build gate', deploy: 'Admission', run: 'The run phase' };

function verdictOf({ phase, raised, judged, teams }: DryRun): string {
  const refused = teams.reduce((sum, team) => sum + team.refused, 0);
  const hit = teams.filter((team) => team.refused > 0).length;
  const ifRaised = raised.length === 0 ? '' : ` if ${raised.join(', ')} blocked`;
  const what = refused === 0 ? 'nothing' : `${refused} of ${countOf(judged, 'object')}, of ${countOf(hit, 'team')}`;
  return `${NOUNS[phase]} would refuse ${what} today${ifRaised}.`;
}
