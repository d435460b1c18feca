import { describe, expect, it } from 'vitest';
import { SERVES, Workload } from './testing/workload.ts';

/** Two replicas that did all of it for long enough to be settled. */
function settledWith(texts: readonly string[]): Workload {
  const workload = new Workload();
  workload.runs('a', 0, 700, [...SERVES, ...texts]);
  workload.runs('b', 0, 700, [...SERVES, ...texts]);
  return workload;
}

describe('a program that makes files', () => {
  it.each([
    ['reads them, too', 'open /app create /tmp/.lock.*', 'open /app read /tmp/.lock.*'],
    ['writes them', 'open /bin/sort create /srv/q/*', 'open /bin/sort write /srv/q/*'],
    ['removes them', 'open /app create /srv/q/*', 'open /app delete /srv/q/*'],
  ])('%s, and that is no news', (_, made, text) => {
    expect(settledWith([made]).verdict(701, 'a', text)).toBe('explained');
    expect(settledWith([]).verdict(701, 'a', text)).toBe('deviation');
  });

  it.each([
    ['what another program makes', ['open /app create /srv/q/*', 'open /usr/bin/worker create /srv/q/*'], '/app'],
    ['what another program writes', ['open /app create /srv/q/*', 'open /usr/bin/worker write /srv/q/*'], '/app'],
    ['what only another program makes', ['open /usr/bin/worker create /srv/q/*'], '/app'],
    ['what it only writes', ['open /app write /srv/q/*'], '/app'],
    ['what a shell makes, which runs what it reads', ['open /bin/sh create /srv/q/*'], '/bin/sh'],
    ['what a tool makes', ['open /bin/cat create /srv/q/*'], '/bin/cat'],
    ['what an interpreter makes', ['open /usr/bin/python3 create /srv/q/*'], '/usr/bin/python3'],
    ['what it makes, where nobody is known to start it', ['open /app create /srv/q/*'], '/bin/sh>/app'],
  ])('is told when it reads %s', (_, made, who) => {
    expect(settledWith(made).verdict(701, 'a', `open ${who} read /srv/q/*`)).toBe('deviation');
  });

  it.each([
    ['in a folder where everybody puts files', '/tmp/*'],
    ['that are secrets', '/srv/.ssh/id_rsa'],
    ['that are libraries', '/srv/plugins/one.so'],
    ['that are password files', '/etc/shadow'],
  ])('is told when it reads files %s', (_, object) => {
    expect(settledWith([`open /app create ${object}`]).verdict(701, 'a', `open /app read ${object}`)).toBe('deviation');
  });

  it('is the same in another version, and another program is not', () => {
    const versions = ['open /opt/db13/bin/db create /srv/q/*', 'open /opt/db15/bin/db create /srv/q/*'];
    expect(settledWith(versions).verdict(701, 'a', 'open /opt/db15/bin/db read /srv/q/*')).toBe('explained');
    const others = [...versions, 'open /opt/db15/bin/other create /srv/q/*'];
    expect(settledWith(others).verdict(701, 'a', 'open /opt/db15/bin/db read /srv/q/*')).toBe('deviation');
  });
});
