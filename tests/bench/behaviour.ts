import { BehaviourModel, behaviourKey } from '@breakwater/engine/behaviour';
import type { Behaviour } from '@breakwater/model';
import type { BenchResult } from './result.ts';

type Told = { key: string; behaviour: Behaviour };

const MINUTE = 60_000;
const START = Date.parse('2026-11-22T00:00:00Z');
const REPLICAS = Array.from({ length: 8 }, (_, index) => `replica-${index}`);
/** Behaviours of one application, as the recordings have them. */
const KNOWN = 600;
const SIGHTINGS = 4_000_000;
const NEW = 3_000;
const FLOOD = 100_000;

const timeAt = (minute: number): string => new Date(START + minute * MINUTE).toISOString();
const told = (behaviour: Behaviour): Told => ({ key: behaviourKey(behaviour), behaviour });

/** Behaviours that look like an application's: files of many folders, libraries, peers, programs. */
function application(many: number, name = 'x'): Told[] {
  return Array.from({ length: many }, (_, index): Told => {
    const actor = `/usr/bin/program-${index % 7}`;
    if (index % 20 === 0)
      return told({ dimension: 'exec', actor, parent: '', object: `/usr/bin/${name}${index}y`, inImage: true });
    if (index % 9 === 0)
      return told({ dimension: 'connect', actor, parent: '/usr/bin/app', object: `${name}${index}y.shop.svc:80/TCP` });
    const object =
      index % 2 === 0 ? `/usr/lib/x86_64-linux-gnu/lib${name}${index}.so.1` : `/srv/${name}${index}y/data/*`;
    return told({ dimension: 'open', actor, parent: '/usr/bin/app', access: 'read', object });
  });
}

/** CPU microseconds of each of `many`. */
function microseconds(many: number, work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / many;
}

/** What a sighting costs in a model of one workload: of a behaviour that is known, of a new one, and of a flood of new ones. */
export function run(): BenchResult {
  const model = new BehaviourModel({ subject: 'shop/Deployment/web', budget: { alerts: 1, hours: 6 } });
  const behaviours = application(KNOWN);
  // One event a call, as ingest takes them.
  const events = behaviours.map((one) => [one]);
  for (let minute = 0; minute < 300; minute++) {
    const time = timeAt(minute);
    for (const replica of REPLICAS) {
      model.watched(replica, time);
      if (minute % 10 === 0) for (const one of events) model.take({ behaviours: one, replica, time });
    }
  }
  let judged = 0;
  const known = microseconds(SIGHTINGS, () => {
    for (let index = 0; index < SIGHTINGS; index++) {
      // A thousand events a minute.
      const time = timeAtKept(300 + Math.floor(index / 1000));
      judged += model.take({ behaviours: events[index % KNOWN]!, replica: REPLICAS[index & 7]!, time }).length;
    }
  });
  if (judged !== SIGHTINGS) throw new Error(`${judged} judgements of ${SIGHTINGS} sightings`);
  const later = timeAt(300 + SIGHTINGS / 1000);
  const fresh = application(NEW, 'new').map((one) => [one]);
  // A server runs for long: what the first thousand cost until they are compiled is not what one costs.
  const before = model.state();
  const rounds = [1, 2, 3].map(() => {
    const other = BehaviourModel.restore(before);
    return microseconds(NEW, () => {
      for (const one of fresh) other.take({ behaviours: one, replica: 'replica-0', time: later });
    });
  });
  const seen = Math.min(...rounds);
  const flood = application(FLOOD, 'flood').map((one) => [one]);
  const flooded = microseconds(FLOOD, () => {
    for (const one of flood) model.take({ behaviours: one, replica: 'replica-0', time: later });
  });
  let state = model.state();
  const packed = microseconds(1000, () => {
    state = model.state();
  });
  const restored = microseconds(1000, () => BehaviourModel.restore(state));
  const megabytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) / 1e6;
  return {
    name: 'behaviour',
    inputs: [
      `${KNOWN} known behaviours, ${SIGHTINGS} sightings of ${REPLICAS.length} replicas, ${NEW} new ones, ${FLOOD} of a flood`,
    ],
    rows: [
      { what: 'known behaviour', value: known, unit: 'us', budget: '< 1' },
      { what: 'new behaviour, with its reasons', value: seen, unit: 'us', budget: '< 20' },
      { what: 'of a flood of new ones', value: flooded, unit: 'us', budget: '< 20' },
      { what: 'state, full', value: megabytes(state), unit: 'MB', budget: '< 2' },
      { what: 'profile, full', value: megabytes(model.describe(later)), unit: 'MB', budget: '< 2' },
      { what: 'packing the state', value: packed, unit: 'ms' },
      { what: 'restoring it', value: restored, unit: 'ms' },
    ],
  };
}

/** A clock that gives the same text for the same minute, as events of one minute share theirs but for seconds. */
let kept = { minute: -1, text: '' };
function timeAtKept(minute: number): string {
  if (kept.minute !== minute) kept = { minute, text: timeAt(minute) };
  return kept.text;
}
