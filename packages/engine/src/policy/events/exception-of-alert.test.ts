import { Exception, type RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { exceptionOfAlert } from './exception-of-alert.ts';

const SUBJECT = 'shop/Deployment/web';
const exception = (scope: Exception['spec']['scope']): Exception =>
  Exception.parse({
    ...{ apiVersion: 'breakwater/v1', kind: 'Exception', metadata: { name: 'audit' } },
    spec: {
      policies: ['password-files-read'],
      scope,
      owner: 'team-shop',
      reason: 'an audit',
      expires: '2026-11-22',
      compensating: 'none',
    },
  });
const alert = (applet: string | undefined, more: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-22T23:59:59.000Z',
  type: 'alert',
  pod: { namespace: 'shop', name: 'web-7c9d5b8f4d-x2x7k', labels: {} },
  container: { id: 'c1', name: 'web' },
  process: { path: '/bin/busybox', arguments: '', ...(applet !== undefined && { applet }) },
  file: { path: '/etc/shadow', access: 'read' },
  alert: { rule: 'password-files-read', priority: 'Error', message: '', tags: [], about: 'open' },
  ...more,
});
const covers = (processes: string[], event: RuntimeEvent): boolean =>
  exceptionOfAlert(event, SUBJECT, [exception({ workloads: ['web'], processes, paths: ['/etc/shadow'] })]) !==
  undefined;

describe('an exception for what one program does', () => {
  it('covers of many programs in one file the one that is named, and all where the file is', () => {
    expect(covers(['/bin/busybox (cat)'], alert('cat'))).toBe(true);
    expect(covers(['/bin/busybox (cat)'], alert('head'))).toBe(false);
    expect(covers(['/bin/busybox (cat)'], alert(undefined))).toBe(false);
    expect(covers(['/bin/busybox'], alert('head'))).toBe(true);
    expect(covers(['busybox'], alert(undefined))).toBe(true);
  });

  it('covers no other file, and nothing after its last day', () => {
    const named = ['/bin/busybox (cat)'];
    expect(covers(named, alert('cat', { file: { path: '/etc/gshadow', access: 'read' } }))).toBe(false);
    expect(covers(named, alert('cat', { time: '2026-11-23T00:00:00.000Z' }))).toBe(false);
  });
});
