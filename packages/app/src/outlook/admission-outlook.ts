import {
  type AdmissionOutlook,
  type Enforcement,
  type Finding,
  type LadderPolicy,
  type ManifestObject,
  type TeamOutlook,
  workloadId,
} from '@breakwater/model';
import { openCodeOwners } from '@breakwater/sources/owners';
import { TEAM_LABELS, type Team, teamOf } from '../policies/team-of.ts';
import { guardsOf, nameOfGuard } from '../questions/guards.ts';
import type { JudgedEstate } from '../questions/judged-estate.ts';

/** Objects of a team that are named; all are counted. */
const MOST_OBJECTS = 100;
const RUNGS: readonly Enforcement[] = ['block', 'warn', 'audit'];

/** What admission would say of an estate as it stands, were everything admitted again: by policy, by team, and by whom. */
export function admissionOutlook({ gathered, set, assessment }: JudgedEstate): AdmissionOutlook {
  const { facts } = gathered;
  const covered = Map.groupBy(assessment.findings, ({ exception }) => exception ?? '');
  return {
    time: assessment.time,
    policies: ladderOf(assessment.policies),
    teams: teamsOf(
      assessment.findings.filter(
        ({ kind, phase, verdict, exception }) =>
          kind === 'policy' && phase === 'deploy' && verdict === 'fail' && exception === undefined,
      ),
      openTeams(gathered),
    ),
    exceptions: set.exceptions.map(({ metadata: { name }, spec }) => ({
      name,
      policies: spec.policies,
      owner: spec.owner,
      reason: spec.reason,
      expires: spec.expires,
      compensating: spec.compensating,
      covers: covered.get(name)?.length ?? 0,
    })),
    guards: guardsOf(facts.objects)
      .filter(({ family, refuses }) => family === 'admission' && refuses)
      .map((guard) => ({
        name: nameOfGuard(guard),
        kind: guard.by,
        does: guard.does,
        isOurs: guard.isOurs,
      })),
  };
}

function ladderOf(policies: JudgedEstate['assessment']['policies']): LadderPolicy[] {
  return policies
    .filter(({ phases }) => phases.includes('deploy'))
    .map(({ name, title, severity, enforcement, failed, unknown, excepted }) => ({
      policy: name,
      title,
      severity,
      enforcement: enforcement.deploy ?? 'audit',
      failing: failed,
      undecided: unknown,
      excepted,
    }))
    .sort(
      (a, b) =>
        RUNGS.indexOf(a.enforcement) - RUNGS.indexOf(b.enforcement) ||
        b.failing - a.failing ||
        (a.policy < b.policy ? -1 : 1),
    );
}

function teamsOf(failing: readonly Finding[], teamsBehind: (subject: string) => Team[]): TeamOutlook[] {
  const byTeam = new Map<string, { team: Team; findings: Finding[] }>();
  for (const finding of failing) {
    for (const team of teamsBehind(finding.subject)) {
      const known = byTeam.get(team.name);
      if (known === undefined) byTeam.set(team.name, { team, findings: [finding] });
      else known.findings.push(finding);
    }
  }
  return [...byTeam.values()]
    .map(({ team, findings }) => outlookOf(team, findings))
    .sort((a, b) => b.refused - a.refused || b.warned - a.warned || (a.name < b.name ? -1 : 1));
}

/** Each object by the hardest that is said of it. */
function outlookOf({ name, from }: Team, findings: readonly Finding[]): TeamOutlook {
  const hardest = new Map<string, Finding>();
  for (const finding of findings) {
    const known = hardest.get(finding.subject);
    if (known === undefined || RUNGS.indexOf(finding.enforcement) < RUNGS.indexOf(known.enforcement))
      hardest.set(finding.subject, finding);
  }
  const objects = [...hardest.values()].sort(
    (a, b) => RUNGS.indexOf(a.enforcement) - RUNGS.indexOf(b.enforcement) || (a.subject < b.subject ? -1 : 1),
  );
  const count = (rung: Enforcement) => objects.filter(({ enforcement }) => enforcement === rung).length;
  return {
    name,
    from,
    refused: count('block'),
    warned: count('warn'),
    audited: count('audit'),
    objects: objects
      .slice(0, MOST_OBJECTS)
      .map(({ subject, enforcement, rule, message }) => ({ id: subject, enforcement, policy: rule, message })),
  };
}

/** Teams of what a finding is about: of an image, all that run it. */
function openTeams({ facts }: JudgedEstate['gathered']): (subject: string) => Team[] {
  const owners = openCodeOwners();
  const objects = Map.groupBy(facts.objects, (entry) => workloadId(entry));
  const images = facts.workloads.length === 0 ? new Map<string, string[]>() : workloadsByImage(facts);
  const namespaces = new Map<string, ManifestObject>();
  for (const entry of facts.objects)
    if (entry.kind === 'Namespace') namespaces.set(`${entry.cluster}/${entry.name}`, entry);
  const sources = {
    labels: TEAM_LABELS,
    namespaceObject: (cluster: string, name: string) => namespaces.get(`${cluster}/${name}`)?.object,
    ownersOf: (file: string) => owners.ownersOf(file),
  };
  return (subject) => {
    const behind = (images.get(subject) ?? [subject]).flatMap((id) => objects.get(id) ?? []);
    if (behind.length === 0) return [{ name: 'what nothing here runs', from: 'nobody' }];
    return [...new Map(behind.map((entry) => teamOf(entry, sources)).map((team) => [team.name, team])).values()];
  };
}

function workloadsByImage({ images }: JudgedEstate['gathered']['facts']): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const [workload, list] of images) {
    for (const { image } of list) if (image) users.set(image.id, [...(users.get(image.id) ?? []), workload]);
  }
  return users;
}
