import type { RuntimeEvent } from '@breakwater/model';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

const CONTAINER = 'bw-orphans';
/** How often somebody starts a program and ends just then: the kernel decides which of the two is sooner. */
const TIMES = 400;
const SCRIPT = `sleep 1; i=0; while [ $i -lt ${TIMES} ]; do ( /app/busybox-program id $i >/dev/null 2>&1 & ); i=$((i+1)); done; sleep 1`;
const PATIENCE = 120_000;

describe.skipIf(NO_SENSOR !== '')(inContainers('programs whose starters end'), () => {
  let image: SampleImage;

  beforeAll(() => {
    image = new SampleImage('breakwater-orphans-test');
  });
  afterAll(() => image?.remove());

  it(
    'are told with who started them, and not as if the runtime had',
    async () => {
      const starts: RuntimeEvent[] = [];
      const sensor = await Sensor.open({
        chooses: ({ container }) => container?.name === CONTAINER,
        isKnown: () => false,
        take: (event) => {
          if (event.type === 'exec' && event.process?.path === '/app/busybox-program') starts.push(event);
        },
      });
      const output = await image.run(CONTAINER, SCRIPT);
      await sensor.close();
      expect(output).toBe('');
      expect(starts.length).toBeGreaterThan(TIMES / 2);
      expect(starts.filter(({ parent }) => parent?.path !== '/bin/busybox')).toEqual([]);
    },
    PATIENCE,
  );
});
