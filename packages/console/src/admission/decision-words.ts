import type { AdmissionDecision } from '@breakwater/model';

const OPERATION_WORDS: Record<AdmissionDecision['operation'], string> = {
  CREATE: 'create',
  UPDATE: 'update',
  DELETE: 'delete',
  CONNECT: 'connect to',
};

/** What is done to a pod, a Service or a node by kinds of options of connections. */
const CONNECTION_WORDS: readonly [suffix: string, words: string][] = [
  ['ExecOptions', 'run a command in'],
  ['AttachOptions', 'attach to'],
  ['PortForwardOptions', 'forward ports of'],
  ['ProxyOptions', 'send requests through'],
];

/** What somebody asked to do, as `run a command in` and the kind of what it is done to. */
export function deedOf({
  operation,
  kind,
}: Pick<AdmissionDecision, 'operation' | 'kind'>): [words: string, kind: string] {
  const connection = CONNECTION_WORDS.find(([suffix]) => operation === 'CONNECT' && kind.endsWith(suffix));
  if (connection === undefined) return [OPERATION_WORDS[operation], kind];
  return [connection[1], kind.slice(0, -connection[0].length)];
}

/** Decisions on one thing that followed each other at once: the newest, and how many they were. */
export interface RepeatedDecision {
  decision: AdmissionDecision;
  times: number;
}

/** Milliseconds between a try and the next that counts as the same: kubectl tries a connection in two ways. */
const AT_ONCE = 5_000;

/** Puts together decisions that differ in nothing but their moment, of a list with the newest first. */
export function repeatedDecisions(decisions: readonly AdmissionDecision[]): RepeatedDecision[] {
  const rows: (RepeatedDecision & { since: number; key: string })[] = [];
  for (const decision of decisions) {
    const { time, uid: _, ...rest } = decision;
    const [since, key] = [Date.parse(time), JSON.stringify(rest)];
    const before = rows.at(-1);
    if (before?.key === key && before.since - since <= AT_ONCE)
      Object.assign(before, { since, times: before.times + 1 });
    else rows.push({ decision, times: 1, since, key });
  }
  return rows.map(({ decision, times }) => ({ decision, times }));
}
