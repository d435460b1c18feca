import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isHeld } from '../../packages/cli/src/demo/describe-performance.ts';
import { incidentsOf } from '../../packages/cli/src/demo/incidents-of.ts';
import { perform } from '../../packages/cli/src/demo/perform.ts';
import { inContainers, NO_SENSOR } from './sample-container.ts';

const podman = (...args: string[]): string => execFileSync('podman', args, { encoding: 'utf8' });

describe.skipIf(NO_SENSOR !== '')(inContainers('the demo'), () => {
  it('robs a real container, is stopped the second time, and leaves nothing behind', async () => {
    const performance = await perform(new AbortController().signal, () => {});
    const [audit, block] = performance.rounds;
    expect(audit?.loot).toEqual({
      dropped: 'I ran',
      shell: expect.stringContaining('uid=0'),
      key: expect.stringContaining('not-a-real-key'),
    });
    expect([block?.loot.dropped, block?.loot.shell]).toEqual(['', '']);
    expect(isHeld(performance)).toBe(true);
    const stopped = block?.events.filter(({ prevention }) => prevention === 'stopped').map(({ type }) => type);
    expect(stopped).toEqual(expect.arrayContaining(['exec', 'connect']));
    expect(performance.origins.map(({ path, layer, line }) => [path, layer, line])).toEqual([
      ['/app/cgi-bin/status', 2, 3],
      ['/bin/nc', 1, 2],
      ['/root/.aws/credentials', 3, 4],
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-demo-'));
    const [incident] = await incidentsOf(performance, folder);
    rmSync(folder, { recursive: true });
    const told = (policy: string) => incident?.entries.find((entry) => entry.policy === policy);
    expect(told('dropped-binary')?.prevention).toBe('stopped');
    expect(told('cloud-credentials-read')).toBeDefined();
    const sentences = incident?.facts.map(({ sentence }) => sentence).join('\n');
    expect(sentences).toMatch(
      /credentials came with layer 3 of 4 \(sha256:\w{12}\): COPY keys \/root\/.aws \[Dockerfile:4\]/,
    );
    const run = performance.image.slice(performance.image.lastIndexOf('-') + 1);
    expect(podman('ps', '--all', '--format', '{{.Names}}')).not.toContain(run);
    expect(podman('images', '--format', '{{.Repository}}')).not.toContain(run);
  });
});
