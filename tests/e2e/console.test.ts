import { gzipSync } from 'node:zlib';
import type { FixStory, Summary, WatchedTagPage, WorkloadPage, WorkloadStory } from '@breakwater/model';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_DOCKER_REGISTRY } from '../../packages/cli/src/testing/docker-registry.ts';
import { ask } from './every-page.ts';
import { NO_BROWSER, open, openBrowser, type Visit, visit } from './open-browser.ts';

let browser: Browser;
let session: Visit;

describe.skipIf(NO_BROWSER !== '')(`the console on the example estate${NO_BROWSER}`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    session = await visit(browser);
  });
  afterEach(async () => {
    expect(session.faults).toEqual([]);
    await session.context.close();
  });

  it('says what to do first: the headline, and workloads in the order of their loss', async () => {
    const summary = await ask<Summary>('/api/summary');
    const { items } = await ask<WorkloadPage>('/api/workloads');
    await open(session, '/');
    await session.page.locator('[data-row-link]').first().waitFor();
    const share = Math.round(((summary.topFixes.at(-1)?.lossRemovedTogether ?? 0) / summary.loss) * 100);
    expect(await session.page.locator('h1').textContent()).toContain(`${share}\u00a0%`);
    expect(await session.page.locator('[data-row-link]').allTextContents()).toEqual(
      items.map(({ namespace, name }) => `${namespace} / ${name}`),
    );
  });

  it('brings at most 130 kB of packed script for its first screen', async () => {
    const page = await (await fetch(session.address)).text();
    const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => path);
    const bodies = await Promise.all(
      scripts.map(async (path) => Buffer.from(await (await fetch(`${session.address}${path}`)).arrayBuffer())),
    );
    const packed = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(scripts.length).toBeGreaterThan(1);
    expect(packed).toBeLessThan(130_000);
  });

  it('tells the story of a workload: the way in as drawing and as table, and fixes with what they remove', async () => {
    const { items } = await ask<WorkloadPage>('/api/workloads');
    const id = encodeURIComponent(items[0]?.id ?? '');
    const story = await ask<WorkloadStory>(`/api/workloads/${id}`);
    await open(session, `/workloads/${id}`);
    await session.page.getByText('The same as a table').click();
    expect(await session.page.locator('[data-attack-drawing] + * ~ details tbody tr').count()).toBe(
      story.attack.edges.length,
    );
    for (const { title } of story.fixes) {
      expect(await session.page.getByText(title, { exact: true }).first().isVisible()).toBe(true);
    }
  });

  it('opens the patch of a fix, line for line as the API gives it', async () => {
    await open(session, '/');
    await session.page
      .getByRole('link', { name: /^open patch/ })
      .first()
      .click();
    const shown = session.page.getByRole('region', { name: 'Patch' });
    await shown.waitFor();
    const n = new URL(session.page.url()).searchParams.get('fix');
    const { patch } = await ask<FixStory>(`/api/fixes/${n}`);
    const added = patch.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++'));
    const lines = await shown.locator('[data-kind=added]').allTextContents();
    expect(lines.map((line) => line.replace('+added: ', '+'))).toEqual(added);
    await session.page.getByRole('link', { name: 'Open as a page' }).click();
    await session.page.waitForURL(`**/fixes/${n}`);
  });

  it('keeps a narrowed list in the address, and offers the way back when nothing is left', async () => {
    await open(session, '/inventory');
    await session.page.getByRole('textbox', { name: 'Filter workloads' }).fill('nothing-is-called-this');
    await session.page.getByText('No workloads match').waitFor();
    expect(new URL(session.page.url()).searchParams.get('search')).toBe('nothing-is-called-this');
    await session.page.getByRole('button', { name: 'Show all workloads' }).click();
    await session.page.getByRole('row').nth(1).waitFor();
  });

  it('narrows to a namespace and keeps the scope on the next page', async () => {
    const { scopes = [] } = await ask<Summary>('/api/summary');
    const namespace = scopes[0]?.namespaces[0] ?? '';
    await open(session, '/');
    await session.page.getByRole('combobox', { name: 'Namespace' }).selectOption(namespace);
    await session.page.waitForURL(/namespace=/);
    await session.page.getByRole('link', { name: 'Inventory' }).click();
    await session.page.getByRole('row').nth(1).waitFor();
    for (const cell of await session.page.locator('tbody tr td:nth-child(2)').allTextContents()) {
      expect(cell.startsWith(`${namespace} / `)).toBe(true);
    }
  });

  it.skipIf(NO_DOCKER_REGISTRY !== '')(
    `shows the tags of a watched registry, the worst first where one asks for it, and their images${NO_DOCKER_REGISTRY}`,
    async () => {
      const { items } = await ask<WatchedTagPage>('/api/registries/tags?sort=worst');
      await open(session, '/inventory?tab=registries');
      await session.page.getByRole('button', { name: 'Worst' }).click();
      await session.page.waitForURL(/sort=worst/);
      const names = session.page.locator('section[aria-labelledby=tags] tbody tr td:first-child a');
      await names.nth(1).waitFor();
      expect(await names.allTextContents()).toEqual(items.map(({ repository, tag }) => `${repository}:${tag}`));
      await names.first().click();
      await session.page.getByRole('heading', { name: items[0]?.reference ?? '', level: 1 }).waitFor();
      expect(await session.page.getByRole('cell', { name: 'musl', exact: true }).count()).toBe(1);
    },
  );

  it('keeps the chosen theme over a reload', async () => {
    await open(session, '/settings');
    await session.page.getByText('Dark', { exact: true }).click();
    await session.page.reload();
    await session.page.locator('h1').waitFor();
    const theme = () => session.page.evaluate<string>('document.documentElement.dataset.mantineColorScheme');
    expect(await theme()).toBe('dark');
  });

  it('tells who is signed out how to come in', async () => {
    const stranger = await visit(browser, { signedOut: true });
    await open(stranger, '/');
    expect(await stranger.page.locator('h1').textContent()).toBe('You are signed out');
    expect(await stranger.page.getByText('npx breakwater up').isVisible()).toBe(true);
    await stranger.context.close();
  });
});
