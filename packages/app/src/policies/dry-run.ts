import { applySettings } from '@breakwater/engine/policy';
import { type Enforcement, type ManifestObject, type Phase, type PolicyResult, UserError } from '@breakwater/model';
import { openCodeOwners } from '@breakwater/sources/owners';
import type { Judgement } from './open-judgement.ts';
import { TEAM_LABELS, type Team, teamOf } from './team-of.ts';

/** What one policy finds in what a team answers for. */
export interface TeamPolicy {
  policy: string;
  title: string;
  enforcement: Enforcement;
  /** Objects and images it fails for. */
  failing: number;
  /** Those it cannot decide. */
  undecided: number;
  /** One for each object or image, failures first. */
  results: PolicyResult[];
}

export interface TeamReport extends Team {
  /** Objects and images that would be refused. */
  refused: number;
  /** Those that block first, then by what they fail for. */
  policies: TeamPolicy[];
}

export interface DryRun {
  phase: Phase;
  /** Policies that were taken to block. */
  raised: string[];
  judged: number;
  /** The most refusals first. */
  teams: TeamReport[];
}

export interface DryRunOptions {
  phase: Phase;
  /** Policies to judge by alone, as if they blocked; all as they are enforced when empty. `team-*` stands for many. */
  raise: readonly string[];
  /** Labels that name teams. */
  teamLabels?: readonly string[] | undefined;
}

/** Says what a phase would refuse today, by team, without refusing anything. Throws UserError for a policy there is not. */
export function dryRun(judgement: Judgement, { phase, raise, teamLabels }: DryRunOptions): DryRun {
  const { objects, set } = judgement;
  const policies = raise.length === 0 ? set.policies : raised(judgement, phase, raise);
  const results = judgement.judge(phase, { policies }).filter(({ exception }) => exception === undefined);
  const teamsOf = openTeams(judgement, teamLabels);
  const byTeam = new Map<string, { team: Team; results: PolicyResult[] }>();
  for (const result of results) {
    for (const team of teamsOf(result.subject)) {
      const known = byTeam.get(team.name);
      if (known === undefined) byTeam.set(team.name, { team, results: [result] });
      else known.results.push(result);
    }
  }
  const teams = [...byTeam.values()].map(({ team, results: own }) => reportOf(team, own));
  return {
    phase,
    raised: raise.length === 0 ? [] : policies.map(({ policy }) => policy.metadata.name),
    judged: objects.length,
    teams: teams.sort((a, b) => b.refused - a.refused || (a.name < b.name ? -1 : 1)),
  };
}

/** The policies named, as if they blocked in a phase. */
function raised({ set }: Judgement, phase: Phase, names: readonly string[]): Judgement['set']['policies'] {
  const { policies, unknowns } = applySettings(set.policies, [
    {
      apiVersion: 'breakwater/v1',
      kind: 'Setting',
      metadata: { name: 'dry-run' },
      spec: { policies: [...names], enforcement: { [phase]: 'block' } },
    },
  ]);
  const [fault] = unknowns;
  if (fault !== undefined) {
    throw new UserError(
      `${fault.message.replace('setting dry-run: ', '')}.`.replace(/^./, (first) => first.toUpperCase()),
      {
        code: 'policy-unknown',
        hint: 'breakwater policy where lists those in force; --policies and --packs put more in force.',
      },
    );
  }
  return policies.filter((changed, index) => changed !== set.policies[index]);
}

/** Teams of what a result is about: of an image, all that run it. */
function openTeams({ objects, objectsBehind, makersOf }: Judgement, labels: readonly string[] = TEAM_LABELS) {
  const owners = openCodeOwners();
  const namespaces = new Map<string, ManifestObject>();
  for (const entry of objects) if (entry.kind === 'Namespace') namespaces.set(`${entry.cluster}/${entry.name}`, entry);
  const sources = {
    labels,
    namespaceObject: (cluster: string, name: string) => namespaces.get(`${cluster}/${name}`)?.object,
    ownersOf: (file: string) => owners.ownersOf(file),
  };
  const named = new Map(objects.map((entry) => [nameOf(entry), entry]));
  /* What a controller made is its maker's, where it does not say itself whose it is. */
  const teamBehind = (entry: ManifestObject): Team => {
    const makers = (makersOf(entry) ?? []).flatMap((maker) => named.get(nameOf({ ...entry, ...maker })) ?? []);
    const teams = [entry, ...makers].map((one) => teamOf(one, sources));
    return teams.find(({ from }) => from === 'label') ?? (teams[0] as Team);
  };
  return (subject: string): Team[] => {
    const behind = objectsBehind(subject);
    if (behind.length === 0) return [{ name: 'images that nothing here runs', from: 'nobody' }];
    return [...new Map(behind.map(teamBehind).map((team) => [team.name, team])).values()];
  };
}

const nameOf = ({ cluster, namespace, kind, name }: ManifestObject): string =>
  [cluster, namespace, kind, name].join('/');

const RUNGS: readonly Enforcement[] = ['block', 'warn', 'audit'];

function reportOf(team: Team, results: PolicyResult[]): TeamReport {
  const policies = [...Map.groupBy(results, ({ policy, enforcement }) => `${policy} ${enforcement}`).values()].map(
    policyOf,
  );
  const refused = results.filter(({ enforcement, verdict }) => enforcement === 'block' && verdict === 'fail');
  return {
    ...team,
    refused: new Set(refused.map(({ subject }) => subject)).size,
    policies: policies.sort(
      (a, b) =>
        RUNGS.indexOf(a.enforcement) - RUNGS.indexOf(b.enforcement) ||
        b.failing - a.failing ||
        (a.policy < b.policy ? -1 : 1),
    ),
  };
}

function policyOf(results: PolicyResult[]): TeamPolicy {
  const [{ policy, title, enforcement }] = results as [PolicyResult];
  const ordered = [...results].sort((a, b) => Number(a.verdict !== 'fail') - Number(b.verdict !== 'fail'));
  const first = [...new Map(ordered.toReversed().map((result) => [result.subject, result])).values()].reverse();
  const failing = first.filter(({ verdict }) => verdict === 'fail').length;
  return { policy, title, enforcement, failing, undecided: first.length - failing, results: first };
}
