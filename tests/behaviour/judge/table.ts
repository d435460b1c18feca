import { ACTIONS, UNSHOWN } from '../attacks/actions.ts';
import type { Trace } from '../trace/read-trace.ts';
import { poissonInterval, shareInterval } from './interval.ts';
import type { AttackRun, FalseAlert, Outcome, TraceVerdict } from './judge-trace.ts';
import type { Learned, Settling } from './learned.ts';

/** Minutes after the first replica of a release in which what is new counts for the release. */
const RELEASE_MINUTES = 10;
const MINUTE = 60_000;

/** Recordings, joined, and what came of them. */
export interface Judged {
  /** How many. */
  recordings: number;
  trace: Trace;
  /** Without what was attacked while everything was being learned. */
  verdict: TraceVerdict;
  learned: Learned;
  /** With it, by the model of behaviour. */
  attacked: TraceVerdict;
}

/** The table, in Markdown. */
export function tableOf(judged: Judged, budgetHours: number): string {
  return [
    ...facts(judged),
    '',
    ...alerts(judged),
    '',
    ...recall(judged),
    ...late(judged),
    ...again(judged),
    '',
    ...byWorkload(judged),
    '',
    ...settled(judged, budgetHours),
    '',
    ...unshown(judged),
  ].join('\n');
}

function facts(judged: Judged): string[] {
  const { containerHours, attacks } = judged.verdict;
  const workloads = workloadsOf(judged.trace).length;
  return [
    `${judged.recordings === 1 ? '1 recording' : `${judged.recordings} recordings`}, ${containerHours.toFixed(1)} workload-hours of ${workloads} applications that nobody attacked,`,
    `${rollsOf(judged.trace).length} releases after the first of each, ${attacks.length} attacks of which events show ${attacks.filter(({ isShown }) => isShown).length}.`,
  ];
}

const HEAD =
  '| | false alerts | in 100 workload-hours (95 %) | a workload and day | after settling | a release (95 %) | false blocks | attacks stopped | recall (95 %) | median time to detect |';

function alerts(judged: Judged): string[] {
  const names = judged.verdict.outcomes.map(({ watcher }) => watcher.name);
  return [HEAD, '|---|---|---|---|---|---|---|---|---|---|', ...names.map((name) => row(name, judged))];
}

function row(name: string, judged: Judged): string {
  const { verdict, trace } = judged;
  const outcome = verdict.outcomes.find(({ watcher }) => watcher.name === name)!;
  const hours = verdict.containerHours;
  const all = outcome.falseAlerts.length;
  const sure = outcome.falseAlerts.filter(({ isSure }) => isSure).length;
  const blocks = outcome.falseBlocks.length;
  const rolls = rollsOf(trace).length;
  const released = alertsOfReleases(trace, outcome).length;
  const workloadDays = (lengthOf(trace) * workloadsOf(trace).length) / 24;
  const shown = verdict.attacks.filter(({ isShown }) => isShown);
  const found = shown.filter(({ detected }) => detected.has(name));
  const limits = shareInterval(found.length, shown.length);
  const times = found.map(({ detected }) => detected.get(name)!).sort((a, b) => a - b);
  return cells(
    name,
    `${all}`,
    rate(all, hours / 100),
    (all / workloadDays).toFixed(1),
    `${sure}`,
    rate(released, rolls),
    `${blocks}`,
    `${percent(shown.filter(({ stopped }) => stopped.has(name)).length, shown.length)}`,
    `${((100 * found.length) / shown.length).toFixed(1)} % (${(100 * limits.low).toFixed(1)} to ${(100 * limits.high).toFixed(1)})`,
    times.length === 0 ? '' : `${times[times.length >> 1]} ms`,
  );
}

const percent = (count: number, of: number): string => (of === 0 ? '' : `${((100 * count) / of).toFixed(1)} %`);

function rate(count: number, of: number): string {
  const { low, high } = poissonInterval(count);
  return `${(count / of).toFixed(2)} (${(low / of).toFixed(2)} to ${(high / of).toFixed(2)})`;
}

/** Releases that came while a workload ran, roll-backs too: when the first replica of each began. */
export function rollsOf({ replicas }: Trace): { workload: string; tag: string; from: number }[] {
  const running = new Map<string, string>();
  const rolls: { workload: string; tag: string; from: number }[] = [];
  for (const { workload, tag, time, reason } of replicas) {
    if (reason !== 'first' && reason !== 'release' && reason !== 'roll-back') continue;
    const before = running.get(workload);
    running.set(workload, tag);
    if (before !== undefined && before !== tag) rolls.push({ workload, tag, from: Date.parse(time) });
  }
  return rolls;
}

/** Those that came with a release: within minutes of its first replica, of a replica of it. */
function alertsOfReleases(trace: Trace, { falseAlerts }: Outcome): FalseAlert[] {
  const rolls = rollsOf(trace);
  return falseAlerts.filter(({ replica, time }) =>
    rolls.some(
      ({ workload, tag, from }) =>
        workload === replica.workload && tag === replica.tag && time >= from && time < from + RELEASE_MINUTES * MINUTE,
    ),
  );
}

function recall(judged: Judged): string[] {
  const names = judged.verdict.outcomes.map(({ watcher }) => watcher.name);
  const shown = judged.verdict.attacks.filter(({ isShown }) => isShown);
  const missed = (name: string): AttackRun[] => shown.filter(({ detected }) => !detected.has(name));
  return names.flatMap((name) => {
    const runs = missed(name);
    if (runs.length === 0 || runs.length > shown.length / 4) return [];
    const told = [...Map.groupBy(runs, ({ action }) => action)].map(
      ([action, all]) =>
        `${action.replace('syscall.', '')} (${[...new Set(all.map(({ workload }) => workload))].join(', ')})`,
    );
    return [`Missed by ${name}: ${told.join('; ')}.`];
  });
}

/** What was told of attacks only once something grave came after them, by the model. */
function late({ verdict, learned: { name } }: Judged): string[] {
  const runs = verdict.attacks.filter((run) => run.isShown && run.late.has(name));
  if (runs.length === 0) return [];
  const longest = Math.max(...runs.map(({ detected }) => detected.get(name)!)) / 1000;
  const named = runs.map(({ action, workload }) => `${action.replace('syscall.', '')} (${workload})`);
  return [
    `Told by the ${name} only with something grave that came after, at most ${longest.toFixed(0)} s later: ${named.join('; ')}.`,
  ];
}

/** Who attacks while everything is being learned, and again later: whether anybody gets used to him. */
function again(judged: Judged): string[] {
  const early: AttackRun[] = [];
  const repeated: AttackRun[] = [];
  const { attacked, learned } = judged;
  const before = new Set<string>();
  for (const run of attacked.attacks.toSorted((a, b) => a.from - b.from)) {
    const name = `${run.workload} ${run.action}`;
    if (run.isShown) (before.has(name) ? repeated : early).push(run);
    before.add(name);
  }
  const found = (runs: readonly AttackRun[]): string =>
    `${runs.filter(({ detected }) => detected.has(learned.name)).length} of ${runs.length}`;
  const alerts = attacked.outcomes[0]!.falseAlerts.length;
  return [
    `With attacks in the first half, while it learns, the ${learned.name} finds ${found(early)} of those, ${found(repeated)} of the same again later, and gives ${alerts} false alerts.`,
  ];
}

/** What the model of behaviour said of each application. */
function byWorkload(judged: Judged): string[] {
  const { trace, verdict, learned } = judged;
  const rows = workloadsOf(trace).map((workload) => {
    const own = <T extends { workload: string }>(all: readonly T[]): T[] =>
      all.filter((one) => one.workload === workload);
    const replicas = own(trace.replicas).filter(({ reason }) => reason !== 'attack').length;
    const rolls = own(rollsOf(trace)).length;
    const alerts = verdict.outcomes[0]!.falseAlerts.filter(({ replica }) => replica.workload === workload);
    const shown = own(verdict.attacks).filter(({ isShown }) => isShown);
    const found = shown.filter(({ detected }) => detected.has(learned.name)).length;
    const states = own(learned.settling());
    const done = states.filter(({ state }) => state.isSettled).length;
    return cells(
      workload,
      `${replicas}`,
      `${rolls}`,
      `${alerts.length}`,
      `${alerts.filter(({ isSure }) => isSure).length}`,
      `${found} of ${shown.length}`,
      `${done} of ${states.length}`,
    );
  });
  return [
    '| application | replicas | releases | false alerts of the model | after settling | attacks found | dimensions settled |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ];
}

function settled(judged: Judged, budgetHours: number): string[] {
  const all = judged.learned.settling();
  const done = all.filter(({ state }) => state.isSettled);
  const times = all.flatMap(({ after }) => (after === undefined ? [] : [after / MINUTE])).sort((a, b) => a - b);
  const lines = [
    `At a budget of one false alert in ${budgetHours} hours of a replica ${done.length} of ${all.length} dimensions that were seen are settled at the end;`,
    `the median time to settle is ${times.length === 0 ? 'unknown' : `${times[times.length >> 1]!.toFixed(0)} minutes`}. Not settled:`,
  ];
  return [...lines, ...all.filter(({ state }) => !state.isSettled).map(unsettledLine)];
}

const unsettledLine = ({ workload, dimension, state, after }: Settling): string =>
  `- ${workload} ${dimension}: ${state.note}${after === undefined ? '' : '; it was settled before'}`;

function unshown(judged: Judged): string[] {
  const { attacks } = judged.verdict;
  const never = ACTIONS.filter(
    ({ action }) =>
      attacks.some((run) => run.action === action) && !attacks.some((run) => run.action === action && run.isShown),
  );
  return [
    `Actions that containers here do: ${ACTIONS.length}; of ${never.length} no event told, as no container here may do them: ${never.map(({ action }) => action).join(', ') || 'none'}.`,
    `Actions that events cannot show: ${Object.keys(UNSHOWN).length}:`,
    ...[...Map.groupBy(Object.entries(UNSHOWN), ([, reason]) => reason)].map(
      ([reason, actions]) => `- ${actions.map(([action]) => action).join(', ')}: ${reason}`,
    ),
  ];
}

const workloadsOf = ({ replicas }: Trace): string[] => [...new Set(replicas.map(({ workload }) => workload))];
const lengthOf = ({ minutes }: Trace): number => new Set(minutes.map(({ minute }) => minute)).size / 60;
const cells = (...texts: string[]): string => `| ${texts.join(' | ')} |`;
