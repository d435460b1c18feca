import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_LADDER } from '@breakwater/engine/prevention';
import type { RuntimeEvent } from '@breakwater/model';
import { Guarding } from '@breakwater/sensor/guards';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

const NAME = 'bw-ladder';
/** Steps are taken by hand: the ladder has a clock of its own. */
const HOLD = 60_000;

describe.skipIf(NO_SENSOR !== '')(inContainers('a ladder of guards'), () => {
  let image: SampleImage;
  beforeAll(() => {
    image = new SampleImage('breakwater-ladder-test');
  });
  afterAll(() => image?.remove());

  it('tells, alerts and stops in a container that runs, and goes back by itself when more is refused than it bears', async () => {
    const events: RuntimeEvent[] = [];
    let now = 0;
    let sensor: Sensor | undefined;
    const applied: Promise<void>[] = [];
    const guarding = new Guarding({
      guard: { programs: 'block' },
      ladder: { ...DEFAULT_LADDER, hold: HOLD, mostDecisions: 2 },
      now: () => now,
      apply: (id, guard) => applied.push(sensor?.guard(id, guard) ?? Promise.resolve()),
      tell: (event) => events.push(event),
    });
    // A file each: the same start would be counted in the kernel, and told once.
    const turn = 'n=$((n+1)); cp /app/busybox-program /tmp/busybox-$n; /tmp/busybox-$n true';
    image.start(NAME, `n=0; while true; do if test -e /tmp/go; then rm /tmp/go; ${turn}; fi; sleep 0.1; done`);
    sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === NAME,
      guardOf: (facts) => guarding.guardOf(facts),
      take: (event) => events.push(guarding.take(event)),
    });
    const decisions = (): RuntimeEvent[] => events.filter(({ prevention }) => prevention !== undefined);
    const drop = async (): Promise<RuntimeEvent | undefined> => {
      const before = decisions().length;
      await image.within(NAME, 'touch /tmp/go');
      for (let look = 0; look < 300 && decisions().length === before; look++) await pause(100);
      return decisions()[before];
    };
    const climb = async (): Promise<void> => {
      now += HOLD + 1;
      guarding.tick();
      await Promise.all(applied);
    };
    try {
      const told = await drop();
      expect([told?.prevention, told?.alert]).toEqual(['audited', undefined]);
      await climb();
      const warned = await drop();
      expect([warned?.prevention, warned?.alert?.priority]).toEqual(['audited', 'warning']);
      await climb();
      const stopped = [await drop(), await drop(), await drop()];
      expect(stopped.map((event) => event?.prevention)).toEqual(['stopped', 'stopped', 'stopped']);
      await Promise.all(applied);
      const back = await drop();
      expect(back?.prevention).toBe('audited');
      const steps = events.flatMap(({ alert }) => (alert?.rule === 'prevention-ladder' ? [alert.message] : []));
      expect(steps.map((step) => /(\w+ -> \w+)/.exec(step)?.[1])).toEqual([
        'audit -> warn',
        'warn -> block',
        'block -> audit',
      ]);
    } finally {
      await sensor.close();
    }
  });
});
