import type { RuntimeEvent } from '@breakwater/model';
import { type Guard, parsePeer } from '@breakwater/sensor/guards';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

describe.skipIf(NO_SENSOR !== '')(inContainers('a sensor that guards'), () => {
  let image: SampleImage;
  let sensor: Sensor | undefined;
  let events: RuntimeEvent[] = [];

  beforeAll(() => {
    image = new SampleImage('breakwater-guard-test');
  });
  afterEach(async () => await sensor?.close());
  afterAll(() => image?.remove());

  /** What a script printed under a guard. The guard is there once the container is known: moments after it was made. */
  async function guarded(container: string, guard: Guard, script: string): Promise<string> {
    events = [];
    sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === container,
      guardOf: () => guard,
      take: (event) => events.push(event),
    });
    const output = await image.run(container, `sleep 0.5; ${script}`);
    await sensor.close();
    return output;
  }

  const DROP =
    'cp /app/busybox-program /tmp/busybox-dropped; /tmp/busybox-dropped touch /tmp/made; echo "ended with $?"; ls /tmp';

  it('kills a program that is not in the image before its first instruction: what it would have made is not there', async () => {
    const output = await guarded('bw-kill', { programs: 'block' }, DROP);
    expect(output).toContain('ended with 137');
    expect(output).not.toContain('made');
    const event = events.find(({ type, process }) => type === 'exec' && process?.path === '/tmp/busybox-dropped');
    expect(event).toMatchObject({ prevention: 'stopped', process: { inImage: false, arguments: 'touch /tmp/made' } });
  });

  it('does so a hundred times of a hundred', async () => {
    const turns = 'i=0; while [ $i -lt 100 ]; do /tmp/busybox-x touch /tmp/made-$i; i=$((i+1)); done';
    const output = await guarded(
      'bw-kill-often',
      { programs: 'block' },
      `cp /app/busybox-program /tmp/busybox-x; ${turns}; ls /tmp`,
    );
    expect(output).not.toContain('made');
    expect(events.filter(({ prevention }) => prevention === 'stopped')).toHaveLength(100);
  });

  it('lets programs of the image run, and the runtime that starts them', async () => {
    const output = await guarded('bw-let', { programs: 'block' }, '/app/busybox-program true && echo fine');
    expect(output).toContain('fine');
    expect(events.filter(({ prevention }) => prevention !== undefined)).toEqual([]);
  });

  it('only tells while it audits', async () => {
    const output = await guarded('bw-audit', { programs: 'audit' }, DROP);
    expect(output).toContain('made');
    expect(events.filter(({ prevention }) => prevention === 'audited')).toHaveLength(1);
  });

  const CALL = [
    // A listener whose input ends says so, and a caller who hears that first ends before it sends a word.
    'for port in 7001 7002; do (sleep 60 | nc -l -p $port 127.0.0.1 > /tmp/heard-$port) & done',
    'for port in 1B59 1B5A; do until /bin/busybox grep -q ":$port 00000000:0000" /proc/net/tcp; do sleep 0.1; done; done',
    'call() { echo hello | nc 127.0.0.1 $1 && until [ -s /tmp/heard-$1 ]; do sleep 0.1; done; }',
    'for port in 7001 7002; do call $port || echo "refused $port"; done',
    'echo "heard 7001: $(cat /tmp/heard-7001)"; echo "heard 7002: $(cat /tmp/heard-7002)"; kill $(jobs -p)',
  ].join('; ');

  it('refuses connections to where it was not allowed before any packet: the server hears nothing', async () => {
    const allowed = [parsePeer('127.0.0.1:7001')];
    const output = await guarded('bw-refuse', { connections: 'block', allowed }, CALL);
    expect(output).toContain('heard 7001: hello');
    expect(output).toContain('refused 7002');
    expect(output).toMatch(/heard 7002: *\n/);
    const refused = events.filter(({ type, prevention }) => type === 'connect' && prevention === 'stopped');
    expect(refused.map(({ peer, failure }) => [peer?.port, failure])).toEqual([[7002, 'EPERM']]);
  });

  it('tells of them, and lets them, while it audits', async () => {
    const output = await guarded(
      'bw-refuse-audit',
      { connections: 'audit', allowed: [parsePeer('127.0.0.1:7001')] },
      CALL,
    );
    expect(output).toContain('heard 7002: hello');
    const told = events.filter(({ prevention }) => prevention === 'audited');
    expect(told.map(({ peer, failure }) => [peer?.port, failure])).toEqual([[7002, undefined]]);
  });
});
