import type { QuestionEvidence, RunningWorkload, Workload } from '@breakwater/model';
import { indexLive } from '../clusters/live-index.ts';
import { runningWorkloads } from '../clusters/running-workloads.ts';
import { aboutWorkload, ageOf, countOf, isOrAre, listSome, nameOf } from './phrases.ts';
import type { Answer, Question, QuestionBasis } from './question.ts';

/** What is running, and why? */
export const whatRuns: Question = {
  id: 'what-runs',
  question: 'What is running, and why?',
  answer(basis) {
    if (basis.gathered.clusters.length > 0) return liveAnswer(basis);
    return declaredAnswer(basis);
  },
};

function liveAnswer({ reading, gathered, set }: QuestionBasis): Answer {
  const live = runningWorkloads(indexLive(reading.objects.filter((object) => object.live)));
  const running = live.filter(({ pods }) => pods.running > 0);
  const idle = live.length - running.length;
  const unnamed = running.filter(({ deployedBy }) => deployedBy === undefined);
  const byHand = running.filter(({ changedByHand }) => changedByHand.length > 0);
  const tools = [...Map.groupBy(running, ({ deployedBy }) => deployedBy?.tool ?? 'nobody that can be named')].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const pods = running.reduce((sum, { pods: own }) => sum + own.running, 0);
  const unread = [...new Set(gathered.clusters.flatMap(({ unread: kinds }) => kinds))];
  return {
    number: { value: running.length, of: live.length, words: 'workloads run' },
    known: unread.length > 0 || unnamed.length > 0 ? 'part' : 'whole',
    sentence: `${countOf(running.length, 'workload')} ${running.length === 1 ? 'runs' : 'run'} in ${countOf(pods, 'pod')}, brought by ${listSome(tools.map(([tool, own]) => `${tool} (${own.length})`))}; ${byHand.length === 0 ? 'none was' : `${byHand.length} ${byHand.length === 1 ? 'was' : 'were'}`} changed by hand since${idle > 0 ? `, and ${idle} ${idle === 1 ? 'has' : 'have'} no running pod` : ''}.`,
    parts: tools.map(([label, own]) => ({ label, count: own.length })),
    evidence: [...byHand, ...unnamed, ...running.filter((one) => !byHand.includes(one) && !unnamed.includes(one))].map(
      (one) => runningEvidence(one, set.now),
    ),
    gaps: [
      ...(unnamed.length > 0
        ? [
            {
              sentence: `Who deployed ${listSome(unnamed.map(({ workload }) => nameOf(workload)))} cannot be told from the objects.`,
              hint: 'breakwater cluster why --audit AUDIT.log',
            },
          ]
        : []),
      ...(unread.length > 0 ? [{ sentence: `${listSome(unread)} may not be read in the cluster.` }] : []),
    ],
    next: 'breakwater cluster why',
  };
}

function runningEvidence(
  { workload, owners, pods, deployedBy, changedByHand, runningSince }: RunningWorkload,
  now: string,
): QuestionEvidence {
  const by =
    deployedBy === undefined
      ? 'nobody can be named'
      : `${deployedBy.tool}${deployedBy.unit ? ` ${deployedBy.unit}` : ''}`;
  const since = runningSince === undefined ? '' : `, for ${ageOf(runningSince, now)}`;
  const hand =
    changedByHand.length === 0 ? '' : `; changed by hand with ${listSome(changedByHand.map(({ manager }) => manager))}`;
  const chain = owners.map(({ kind, count }) => (count > 1 ? `${count} ${kind}s` : kind)).join(' of ');
  return {
    sentence: `${nameOf(workload)} runs in ${countOf(pods.running, 'pod')}${since}, brought by ${by} (${chain})${hand}.`,
    command: `breakwater cluster why ${nameOf(workload)}`,
    places: [],
  };
}

/** Without a cluster only events tell that something runs; files tell why it would. */
function declaredAnswer({ gathered }: QuestionBasis): Answer {
  const { workloads } = gathered.facts;
  const seen = workloads.filter(({ id }) => gathered.observed.has(id));
  const files = new Set(workloads.flatMap(({ definitions }) => definitions.map(({ source }) => source)));
  const declared = `${countOf(workloads.length, 'workload')} ${isOrAre(workloads.length)} declared in ${countOf(files.size, 'file')}`;
  return {
    number:
      seen.length > 0
        ? { value: seen.length, of: workloads.length, words: 'declared workloads were seen running' }
        : { value: null, of: workloads.length, words: 'declared workloads are known to run' },
    known: seen.length > 0 ? 'part' : 'nothing',
    sentence:
      seen.length > 0
        ? `${declared}; events show that ${seen.length === workloads.length ? 'all of them' : countOf(seen.length, 'workload')} ran. Who deployed them only a cluster tells.`
        : `${declared}; whether any of them runs only a cluster or its events can tell.`,
    parts: [...Map.groupBy(workloads, ({ namespace }) => namespace || 'no namespace')]
      .map(([label, own]) => ({ label, count: own.length }))
      .sort((a, b) => b.count - a.count),
    evidence: workloads
      .toSorted((a, b) => Number(gathered.observed.has(b.id)) - Number(gathered.observed.has(a.id)))
      .map((workload) => declaredEvidence(workload, gathered.observed.has(workload.id))),
    gaps: [
      {
        sentence: 'What runs in the clusters, since when and by whose hand was not given.',
        hint: 'breakwater ask --cluster CONTEXT, or breakwater cluster why',
      },
    ],
    next: 'breakwater ask --cluster CONTEXT',
  };
}

function declaredEvidence(workload: Workload, ran: boolean): QuestionEvidence {
  const { kind, definitions, id } = workload;
  const where = listSome([...new Set(definitions.map(({ source }) => source))], 2);
  return aboutWorkload(
    id,
    `${nameOf(workload)} (${kind}) is declared in ${where}${ran ? ', and events came from it' : ''}.`,
    definitions.slice(0, 2),
  );
}
