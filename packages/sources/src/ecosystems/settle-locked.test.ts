import type { Component } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { settleLocked } from './settle-locked.ts';

function npm(name: string, path: string, more: Partial<Component> = {}): Component {
  const purl = `pkg:npm/${name}@1.0.0`;
  const scope = path.endsWith('lock.json') ? ('locked' as const) : ('installed' as const);
  const files = scope === 'installed' ? [path.replace(/package\.json$/, '')] : [];
  const rest = { type: 'npm', ecosystem: 'npm', version: '1.0.0', licences: [], development: false } as const;
  return { ...rest, id: `${purl}#${path}`, name, purl, path, scope, files: [...files], ...more } as Component;
}

const ids = (components: Component[]): string[] => components.map(({ id }) => id);

describe('settleLocked', () => {
  it('takes what is installed instead of what is locked, with what the lock file tells of it', () => {
    const lock = '/srv/app/package-lock.json';
    const app = npm('app', lock, { relationship: 'root' });
    const locked = npm('ms', lock, { relationship: 'direct' });
    const missing = npm('fsevents', lock, { relationship: 'indirect', dependsOn: [locked.id] });
    const installed = npm('ms', '/srv/app/node_modules/ms/package.json');
    const settled = settleLocked([installed, app, locked, missing]);
    expect(ids(settled)).toEqual(ids([installed, app, missing]));
    expect(settled[0]!.relationship).toBe('direct');
    expect(settled[2]!.dependsOn).toEqual([installed.id]);
  });

  it('leaves out lists that an installed package brought along', () => {
    const gem = npm('typeprof', '/gems/typeprof-0.21.2/package.json');
    const inside = npm('left-pad', '/gems/typeprof-0.21.2/vscode/package-lock.json');
    const beside = npm('right-pad', '/gems/package-lock.json');
    const packaged = npm('top-pad', '/usr/share/tool/package-lock.json', { ownedBy: 'pkg:deb/debian/tool@1' });
    expect(ids(settleLocked([gem, inside, beside, packaged]))).toEqual(ids([gem, beside]));
  });

  it('changes nothing where nothing is installed: a checkout', () => {
    const listed = [npm('ms', '/package-lock.json'), npm('ms', '/web/package-lock.json')];
    expect(settleLocked(listed)).toEqual(listed);
  });
});
