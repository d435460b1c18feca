import type { Observation, QuestionEvidence, QuestionGap, Workload } from '@breakwater/model';
import { nameOfGuard } from './guards.ts';
import { aboutWorkload, ageOf, countOf, isOrAre, listSome, nameOf } from './phrases.ts';
import type { Answer, Question, QuestionBasis } from './question.ts';

/** Images of programs that watch what runs. */
const SENSOR =
  /(^|\/)(falco|falco-no-driver|tetragon|tracee|kubearmor|node-agent|sysdig-agent|agent-slim|falcon-sensor|enforcer|deepfence_agent_ce)([:@]|$)/;
/** Hours after which the newest event is old: whatever came after it was seen by nobody. */
const STALE_HOURS = 24;

/** Would we know if malicious code ran? */
export const maliciousCode: Question = {
  id: 'malicious-code',
  question: 'Would we know if malicious code ran?',
  answer(basis) {
    const { reading, gathered } = basis;
    const { workloads } = gathered.facts;
    const watched = workloads.filter(({ id }) => gathered.observed.has(id));
    const sensors = workloads.filter(({ containers }) => containers.some(({ image }) => SENSOR.test(image)));
    const number = { value: watched.length, of: workloads.length, words: 'workloads are watched' };
    const parts = [
      { label: 'watched', count: watched.length },
      { label: 'not watched', count: workloads.length - watched.length },
    ];
    if (reading.observations.length === 0 && gathered.alerts.length === 0)
      return { ...withGuards(unwatched(sensors), basis), number, parts };
    return { ...withGuards(watchedAnswer(basis, watched), basis), number, parts };
  },
};

/** What stops code at run time by a policy tells, or would tell, of it too. */
function withGuards<Part extends Pick<Answer, 'evidence'>>(part: Part, { guards }: QuestionBasis): Part {
  const watching = guards.filter(({ family }) => family === 'run time');
  const evidence = watching.map((guard) => ({
    sentence: `${nameOfGuard(guard)} ${guard.refuses ? 'stops what it forbids' : 'tells of what it names'}, by ${guard.by}.`,
    places: [guard.object.place],
  }));
  return { ...part, evidence: [...part.evidence, ...evidence] };
}

function unwatched(sensors: Workload[]): Omit<Answer, 'number' | 'parts'> {
  const stands = sensors.length > 0;
  return {
    known: 'part',
    sentence: `We would not know: no source of runtime events was given${stands ? `, though ${listSome(sensors.map(nameOf))} ${isOrAre(sensors.length)} deployed` : ''}.`,
    evidence: sensors.map((workload) =>
      aboutWorkload(workload.id, `${nameOf(workload)} watches the kernel; its events do not come here.`, [
        ...workload.definitions.slice(0, 1),
      ]),
    ),
    gaps: [
      {
        sentence: 'What ran, and whether anything else watches it, is not known.',
        hint: 'Give events of Falco or Tetragon: breakwater ask k8s/ events.jsonl, or POST them to /api/events of breakwater up.',
      },
    ],
    next: 'breakwater ask k8s/ events.jsonl',
  };
}

function watchedAnswer(basis: QuestionBasis, watched: readonly Workload[]): Omit<Answer, 'number' | 'parts'> {
  const { reading, gathered, set } = basis;
  const { workloads } = gathered.facts;
  const reporters = [...new Set(reading.observations.flatMap(({ reporters: own }) => own))].sort();
  const alerting = reporters.filter((reporter) => reporter.startsWith('falco'));
  const newest = reading.observations
    .map(({ last }) => last)
    .sort()
    .at(-1);
  const isStale = newest !== undefined && Date.parse(set.now) - Date.parse(newest) > STALE_HOURS * 3_600_000;
  const alarm =
    gathered.alerts.length > 0 || alerting.length > 0
      ? `and ${countOf(gathered.alerts.length, 'alert')} came of it`
      : 'but nothing raises an alarm by itself: what ran is only recorded';
  const seen = watched.length === workloads.length ? 'every workload' : countOf(watched.length, 'workload');
  return {
    known: isStale || watched.length < workloads.length ? 'part' : 'whole',
    sentence: isStale
      ? `Not since ${ageOf(newest, set.now)} ago, when the last event came; until then ${seen} ${watched.length === 1 ? 'was' : 'were'} watched.`.replace(
          'every workload were',
          'every workload was',
        )
      : watched.length === 0
        ? 'We would not know: events came, but none from these workloads.'
        : `In ${seen}: what runs there is seen by ${listSome([...new Set(reporters.map(sourceOf))])}, ${alarm}.`,
    evidence: [
      ...(reporters.length > 0
        ? [
            {
              sentence: `${countOf(reporters.length, 'source')} reported: ${listSome(reporters)}${newest === undefined ? '' : `, last ${ageOf(newest, set.now)} ago`}.`,
              places: [],
            },
          ]
        : []),
      ...alertEvidence(basis),
      ...workloads
        .filter(({ id }) => !gathered.observed.has(id))
        .map((workload) => aboutWorkload(workload.id, `${nameOf(workload)} is not watched: no event came from it.`)),
    ],
    gaps: gapsOf(reading.observations, workloads.length - watched.length),
    next: 'breakwater up k8s/ events.jsonl',
  };
}

const sourceOf = (reporter: string): string => reporter.split('@')[0] ?? reporter;

function alertEvidence({ gathered: { alerts } }: QuestionBasis): QuestionEvidence[] {
  return alerts.map(({ workload, rule, message, severity }) => {
    const sentence = `${rule} (${severity}): ${message}`;
    return workload === undefined ? { sentence, places: [] } : aboutWorkload(workload, sentence);
  });
}

function gapsOf(observations: readonly Observation[], unwatchedWorkloads: number): QuestionGap[] {
  const gaps: QuestionGap[] = [];
  if (unwatchedWorkloads > 0)
    gaps.push({
      sentence: `Nothing is known of what runs in ${countOf(unwatchedWorkloads, 'workload')}.`,
      hint: 'Run the sensor on every node, and give its events.',
    });
  if (observations.some(({ lossReported }) => lossReported)) gaps.push({ sentence: 'A source lost events.' });
  if (observations.some(({ execReported }) => !execReported))
    gaps.push({ sentence: 'Some sources do not tell which programs are started.' });
  if (observations.some(({ truncated }) => truncated)) gaps.push({ sentence: 'More paths were seen than are kept.' });
  return gaps;
}
