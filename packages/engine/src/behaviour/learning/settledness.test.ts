import { describe, expect, it } from 'vitest';
import { leastHours } from './settledness.ts';
import { SERVES, settledWorkload, timeAt, Workload } from './testing/workload.ts';

const noteOf = (workload: Workload, dimension: string): string =>
  workload.model.settled().find((state) => state.dimension === dimension)!.note;

describe('a dimension', () => {
  it('is settled where at most the budgeted false alerts are to be expected, and not a day before', () => {
    const workload = new Workload();
    workload.runs('a', 0, 600, SERVES);
    workload.runs('b', 0, 470, SERVES);
    expect(workload.isSettled('exec')).toBe(false);
    expect(noteOf(workload, 'exec')).toBe(
      'settles after 1 more hours of replicas without anything new: nothing was seen only once',
    );
    workload.runs('b', 470, 500, SERVES);
    expect(workload.model.settled().map(({ isSettled }) => isSettled)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(noteOf(workload, 'exec')).toBe('at most 0.98 false alerts in 6 hours of a replica');
  });

  it('takes longer where something was seen only once, as much as Good and Turing say', () => {
    const workload = new Workload();
    workload.does(300, 'a', ['exec /app /usr/bin/once']);
    workload.runs('a', 301, 900, SERVES);
    workload.runs('b', 301, 900, SERVES);
    expect(workload.isSettled('exec')).toBe(false);
    expect(workload.isSettled('open')).toBe(true);
    workload.runs('b', 900, 1500, SERVES);
    expect(workload.isSettled('exec')).toBe(true);
  });

  it('says nothing where nobody tells of it', () => {
    const workload = settledWorkload();
    expect(noteOf(workload, 'capability')).toBe('nobody tells of it');
    workload.does(699, 'a', ['syscall /app dup2']);
    expect(noteOf(workload, 'syscall')).toBe('its absence says nothing: nobody tells of it every time');
    expect(workload.isSettled('syscall')).toBe(false);
  });

  it('is not settled by minutes with losses', () => {
    const workload = new Workload();
    workload.runs('a', 0, 700, SERVES);
    workload.runs('b', 0, 700, SERVES);
    for (let minute = 600; minute < 700; minute++) workload.model.watched('a', timeAt(minute), { partial: true });
    const [exec] = workload.model.settled();
    // Of minutes long past nobody can say any more that they were whole.
    expect([exec!.minutes, exec!.partialMinutes]).toEqual([1368, 32]);
  });

  it('promises no month after a day, however many replicas there are', () => {
    const workload = new Workload({ alerts: 1, hours: 720 });
    for (let replica = 0; replica < 240; replica++) {
      workload.runs(`r${replica}`, 0, 1, SERVES);
      for (let minute = 1; minute < 600; minute++) workload.model.watched(`r${replica}`, timeAt(minute));
    }
    expect(workload.isSettled('exec')).toBe(false);
    expect(noteOf(workload, 'exec')).toMatch(/^settles after 158 more hours: what comes once a week/);
    expect([6, 48, 336, 720].map((hours) => leastHours({ alerts: 1, hours }))).toEqual([1, 24, 168, 168]);
  });

  it('is not settled by a single start: what a replica does first it does once', () => {
    const workload = new Workload();
    workload.runs('a', 0, 1400, SERVES);
    expect(workload.isSettled('exec')).toBe(false);
    expect(noteOf(workload, 'exec')).toBe('settles once 2 starts of replicas were watched; so far 1');
    // It is watched all the same: what is new then is told.
    expect(workload.verdict(1400, 'a', 'exec /app /usr/bin/curl')).toBe('deviation');
  });

  it('is not unsettled by what each start does once', () => {
    const workload = new Workload();
    for (const [index, replica] of ['a', 'b', 'c'].entries()) {
      workload.does(index * 500, replica, ['exec  /app', 'open /app read /etc/startup', 'exec /app /usr/bin/migrate']);
      workload.runs(replica, index * 500, index * 500 + 500, SERVES);
    }
    expect(workload.isSettled('exec')).toBe(true);
  });

  it('compares replicas: where each of several does something of its own, so will the next', () => {
    const [same, own] = [new Workload(), new Workload()];
    for (const replica of ['a', 'b', 'c', 'd']) {
      const texts = [...SERVES, `connect /app ${replica}.peer:7000/TCP`];
      same.runs(replica, 0, 300, SERVES);
      own.does(10, replica, texts);
      own.runs(replica, 11, 311, texts);
    }
    expect(same.isSettled('connect')).toBe(true);
    expect(own.isSettled('connect')).toBe(false);
    expect(own.isSettled('exec')).toBe(true);
  });

  it('is not unsettled by what was alerted: who got in could be learned else', () => {
    const workload = settledWorkload();
    for (let step = 0; step < 50; step++)
      expect(workload.verdict(700 + step, 'a', `exec /app /usr/bin/step${step}x`)).toBe('deviation');
    expect(workload.isSettled('exec')).toBe(true);
  });
});
