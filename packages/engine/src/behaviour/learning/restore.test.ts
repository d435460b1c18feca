import { BehaviourModelState } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BehaviourModel } from './behaviour-model.ts';
import { behaviourOf, facts, SERVES, timeAt, Workload } from './testing/workload.ts';

const text = fc.constantFrom(
  ...SERVES,
  'exec  /app',
  'exec /app /usr/bin/curl',
  'exec /app /tmp/x foreign',
  'open /bin/sh read /etc/shadow',
  'open /app read /usr/lib/libssl.so.3',
  'open /app write /srv/data/a/*',
  'open init>/app write /srv/data/b/*',
  'connect /app api.example.com:443/TCP',
);
const replica = fc.constantFrom('a', 'b', 'c', 'd');
const release = fc.constantFrom(undefined, 'one', 'two');
const minutes = fc.integer({ min: -40, max: 400 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('take' as const), replica, text, minutes, release }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('watch' as const), replica, minutes, many: fc.nat(400) }) },
  fc.record({ do: fc.constant('begin' as const), id: fc.constantFrom('one', 'two', 'three'), minutes }),
  fc.record({ do: fc.constant('hold' as const), text, incident: fc.constantFrom('i', 'j') }),
  fc.record({ do: fc.constant('letGo' as const), incident: fc.constantFrom('i', 'j') }),
  fc.record({ do: fc.constant('accept' as const), text, minutes: fc.nat(600) }),
  fc.record({
    do: fc.constant('seed' as const),
    text,
    origin: fc.constantFrom('declared' as const, 'recorded' as const),
  }),
  fc.record({ do: fc.constant('suspect' as const), replica, about: fc.constantFrom('', 'r1', 'r2'), minutes }),
  fc.record({ do: fc.constant('use' as const), replica, cpu: fc.nat(1000), minutes }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const LIBRARY: Record<string, Record<string, string>> = {
  one: { '/app': 'a1 app', '/usr/lib/libssl.so.1.1': 'b1 libssl' },
  two: { '/app': 'a2 app', '/usr/lib/libssl.so.3': 'b2 libssl', '/usr/bin/curl': 'c curl' },
  three: { '/app': 'a3 app' },
};

/** Does a step, and says what came of it. `now` goes on from step to step. */
function walk(
  { model, does }: { model: Workload['model']; does: Workload['does'] },
  given: Step,
  now: { minute: number },
): unknown {
  if ('minutes' in given) now.minute = Math.max(0, now.minute + given.minutes);
  switch (given.do) {
    case 'take':
      return does(now.minute, given.replica, [given.text], given.release);
    case 'watch':
      for (let minute = 0; minute < given.many; minute++) model.watched(given.replica, timeAt(now.minute + minute));
      return model.settled();
    case 'begin':
      return model.begin(facts(given.id, { paths: LIBRARY[given.id]!, ports: ['8080/TCP'] }), timeAt(now.minute));
    case 'hold':
      return model.hold([behaviourOf(given.text).key], given.incident);
    case 'letGo':
      return model.letGo(given.incident);
    case 'suspect':
      return model.suspect(given.replica, timeAt(now.minute), given.about);
    case 'accept': {
      const expires = timeAt(now.minute + given.minutes);
      return model.accept(behaviourOf(given.text).key, { owner: 'me', reason: 'so', expires }, timeAt(now.minute));
    }
    case 'seed':
      return model.seed({
        behaviours: [{ behaviour: behaviourOf(given.text).behaviour, origin: given.origin, reason: 'r' }],
      });
    case 'use': {
      const usage = { cpu: given.cpu };
      return model.use({ replica: given.replica, since: timeAt(now.minute - 1), time: timeAt(now.minute), usage });
    }
  }
}

describe('a model that is kept and restored', () => {
  it('judges as if it had never been away, at whatever point that was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 30 }), (before, after) => {
        const workload = new Workload();
        const now = { minute: 1000 };
        const does = workload.does.bind(workload);
        for (const one of before) walk({ model: workload.model, does }, one, now);
        const other = workload.restored();
        const [here, there] = [{ ...now }, { ...now }];
        for (const one of after) {
          const said = walk({ model: workload.model, does }, one, here);
          expect(walk({ model: other.model, does: other.does.bind(other) }, one, there)).toEqual(said);
        }
        expect(other.model.state()).toEqual(workload.model.state());
        expect(other.model.describe(timeAt(here.minute))).toEqual(workload.model.describe(timeAt(here.minute)));
      }),
      { numRuns: 300 },
    );
  });

  it('is plain JSON that its schema takes as it is', () => {
    const workload = new Workload();
    workload.model.begin(facts('one', { paths: LIBRARY['one']! }), timeAt(0));
    workload.runs('a', 0, 20, SERVES);
    workload.model.use({ replica: 'a', since: timeAt(0), time: timeAt(1), usage: { cpu: 3, memory: 1e9 } });
    workload.model.begin(facts('two', { paths: LIBRARY['two']! }), timeAt(20));
    const state = JSON.parse(JSON.stringify(workload.model.state()));
    expect(BehaviourModelState.parse(state)).toEqual(state);
  });

  it('takes files that it cannot read for unknown, and explains nothing by them until they are read again', () => {
    const workload = new Workload();
    const one = facts('one', { paths: LIBRARY['one']! });
    workload.model.begin(one, timeAt(0));
    const state = workload.model.state();
    state.releases[0]!.files = [['executable', 'sha256:a1', 'app', '', '', '/app']];
    const [again, anew] = [0, 1].map(() => BehaviourModel.restore(structuredClone(state)));
    const two = facts('two', { paths: LIBRARY['two']! });
    expect(again!.begin(two, timeAt(1))!.incomplete[0]).toContain('the files of the release before are not known');
    anew!.begin(one, timeAt(1));
    expect(anew!.begin(two, timeAt(2))!.incomplete).toEqual([]);
  });
});
