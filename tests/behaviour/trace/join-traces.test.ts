import { ReleaseFacts } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { joinTraces } from './join-traces.ts';
import { parseTrace, type Trace } from './read-trace.ts';
import { releasesToTell, withAllReleases } from './releases-told.ts';
import { replay } from './replay.ts';

const at = (minute: number): string => new Date(29_000_000 * 60_000 + minute * 60_000).toISOString();

/** A recording of one replica that starts a program once a minute. */
function recorded(from: number, until: number, program: string, end?: number): Trace {
  const lines: object[] = [
    { line: 'recording', version: 1, seed: 1, started: at(from) },
    {
      line: 'replica',
      id: 0,
      workload: 'web',
      kind: 'Deployment',
      pod: `web-${from}`,
      container: 'web',
      tag: '1',
      time: at(from),
      reason: 'first',
    },
    { line: 'event', id: 0, event: { source: 'sensor', type: 'exec', process: { path: program } } },
  ];
  for (let minute = from; minute < until; minute++)
    lines.push({ line: 'minute', replica: 0, minute: 29_000_000 + minute, counts: [0, 1], firsts: [] });
  if (end !== undefined) lines.push({ line: 'end', id: 0, time: at(end) });
  return parseTrace(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}

function ofRelease(from: number, id: string): Trace {
  const trace = recorded(from, from + 2, '/bin/a');
  return { ...trace, releases: [{ workload: 'web', tag: '1', facts: ReleaseFacts.parse({ id }) }] };
}

/** What is told of each pod: its program, how often, and for how many minutes it was watched. */
function toldOf(trace: Trace): Record<string, { programs: Record<string, number>; watched: number }> {
  const told: ReturnType<typeof toldOf> = {};
  for (const one of replay(trace)) {
    const own = told[one.replica.pod] ?? { programs: {}, watched: 0 };
    told[one.replica.pod] = own;
    const path = one.kind === 'event' ? one.event.process?.path : undefined;
    if (path !== undefined) own.programs[path] = (own.programs[path] ?? 0) + 1;
    if (one.kind === 'watched') own.watched += 1;
  }
  return told;
}

describe('joined recordings', () => {
  it('tell what each of them tells, and nothing of the time between', () => {
    const [early, late] = [recorded(0, 5, '/bin/a'), recorded(60, 63, '/bin/b', 62)];
    const expected = { ...toldOf(early), ...toldOf(late) };
    expect(toldOf(joinTraces([late, early]))).toEqual(expected);
    expect(expected['web-0']).toEqual({ programs: { '/bin/a': 5 }, watched: 5 });
  });

  it('tell an image that was built anew under the same tag from the one before', () => {
    const { replicas, releases } = joinTraces([
      ofRelease(0, 'a'),
      ofRelease(10, 'a'),
      ofRelease(20, 'b'),
      ofRelease(30, 'c'),
      ofRelease(40, 'b'),
    ]);
    expect(releases.map(({ tag, facts }) => [tag, facts.id])).toEqual([
      ['1', 'a'],
      ["1'", 'b'],
      ["1''", 'c'],
    ]);
    expect(replicas.map((one) => one?.tag)).toEqual(['1', '1', "1'", "1''", "1'"]);
  });

  it('have each the releases that they were recorded with, whoever tells of them', () => {
    const kept: Trace[] = [];
    for (const [place, id] of ['a', 'a', 'b', 'b', 'a'].entries()) {
      const trace = ofRelease(10 * place, id);
      kept.push({ ...trace, releases: releasesToTell(trace.releases, kept) });
    }
    expect(kept.map(({ releases }) => releases.length)).toEqual([1, 0, 1, 1, 0]);
    expect(joinTraces(kept).replicas.map(({ tag }) => tag)).toEqual(['1', '1', "1'", "1'", '1']);
    const alone = kept.map((trace) => withAllReleases(trace, kept).releases.map(({ facts }) => facts.id));
    expect(alone).toEqual([['a'], ['a'], ['b'], ['b'], ['a']]);
  });

  it('are the same as a single one that is alone', () => {
    const alone = recorded(0, 5, '/bin/a');
    expect(toldOf(joinTraces([alone]))).toEqual(toldOf(alone));
  });
});
