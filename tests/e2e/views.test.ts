import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdmissionOutlook, AdmissionView, EstateMap, QuestionSheet } from '@breakwater/model';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ask } from './every-page.ts';
import { NO_BROWSER, open, openBrowser, type Visit, visit } from './open-browser.ts';

let browser: Browser;
let session: Visit;

describe.skipIf(NO_BROWSER !== '')(`views of the whole estate${NO_BROWSER}`, () => {
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
  const focused = () => session.page.evaluate<string>("document.activeElement?.textContent ?? ''");

  describe('the questions', () => {
    it('stand on one screen, each with its number and its sentence', async () => {
      const { items } = await ask<QuestionSheet>('/api/questions');
      await open(session, '/questions');
      const rows = session.page.locator('main ol > li');
      expect(await rows.locator('h2').allTextContents()).toEqual(items.map(({ question }) => question));
      const texts = await rows.allTextContents();
      for (const [index, { number, sentence }] of items.entries()) {
        expect(texts[index]).toContain(number.value === null ? '?' : new Intl.NumberFormat('en').format(number.value));
        expect(texts[index]).toContain(sentence.replaceAll('`', ''));
      }
      const height = await session.page.evaluate<number>('document.documentElement.scrollHeight');
      expect(height).toBeLessThanOrEqual(1000);
    });

    it('open in full by keyboard, with evidence that leads on, and give the focus back', async () => {
      const { items } = await ask<QuestionSheet>('/api/questions');
      const asked = items.find(({ evidence }) => evidence.some(({ about }) => about?.kind === 'workload'));
      await open(session, '/questions');
      await session.page.getByRole('link', { name: asked?.question ?? '' }).focus();
      await session.page.keyboard.press('Enter');
      const drawer = session.page.getByRole('dialog', { name: `Question ${asked?.n}` });
      await drawer.waitFor();
      expect(await drawer.locator('section[aria-labelledby=evidence] li').count()).toBe(
        Math.min(20, asked?.evidence.length ?? 0),
      );
      await session.page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
      await expect.poll(focused).toBe(asked?.question);
      await session.page.getByRole('link', { name: asked?.question ?? '' }).click();
      await drawer
        .getByRole('link', { name: /^Open workload/ })
        .first()
        .click();
      await session.page.waitForURL(/\/workloads\//);
    });
  });

  describe('the map', () => {
    it('draws from left to right what the Internet touches first, and says the same as a table', async () => {
      const { boxes, links } = await ask<EstateMap>('/api/map');
      await open(session, '/map');
      const drawing = session.page.locator('[data-map-drawing]');
      const left = async (name: string) =>
        (await drawing.getByRole('link', { name }).first().boundingBox())?.x ?? Number.NaN;
      const first = boxes.find(({ kind, attackDistance }) => kind === 'workloads' && attackDistance === 1);
      expect(await left('Internet')).toBeLessThan(await left(first?.label ?? ''));
      expect(await session.page.locator('section[aria-labelledby=links] tbody tr').count()).toBe(
        Math.min(50, links.filter(({ kind }) => kind === 'attack').length),
      );
    });

    it('shows all that is allowed where one asks for it, and keeps that in the address', async () => {
      const { links } = await ask<EstateMap>('/api/map');
      await open(session, '/map');
      await session.page.getByText('All that is allowed').click();
      await session.page.waitForURL(/map=allowed/);
      await expect
        .poll(() => session.page.locator('section[aria-labelledby=links] tbody tr').count())
        .toBe(Math.min(50, links.filter(({ kind }) => kind !== 'attack').length));
    });

    it('opens a group by keyboard with its workloads and what leads there, and gives the focus back', async () => {
      const { boxes } = await ask<EstateMap>('/api/map');
      const box = boxes.find(({ kind, attackDistance }) => kind === 'workloads' && attackDistance === 1);
      await open(session, '/map');
      const link = session.page
        .locator('[data-map-drawing]')
        .getByRole('link', { name: box?.label ?? '' })
        .first();
      await link.focus();
      const before = await focused();
      await session.page.keyboard.press('Enter');
      const drawer = session.page.getByRole('dialog', { name: 'On the map' });
      await drawer.waitFor();
      for (const { name } of box?.workloads ?? [])
        expect(await drawer.getByRole('link', { name, exact: true }).first().isVisible()).toBe(true);
      await session.page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
      await expect.poll(focused).toBe(before);
    });

    it('opens what decides a step from the drawing and from the table', async () => {
      const { links } = await ask<EstateMap>('/api/map');
      const step = links.find(({ kind, from }) => kind === 'attack' && from[0] === 'internet');
      await open(session, '/map');
      await session.page
        .locator('section[aria-labelledby=links]')
        .getByRole('link', { name: step?.phrase ?? '' })
        .first()
        .click();
      const drawer = session.page.getByRole('dialog', { name: 'A way on the map' });
      await drawer.waitFor();
      const reason = (step?.reason ?? '').slice(1);
      expect(((await drawer.textContent()) ?? '').includes(reason)).toBe(true);
    });

    it('narrows to a namespace, and leads back from one in which nothing is', async () => {
      const { boxes } = await ask<EstateMap>('/api/map');
      const namespace = boxes.find(({ kind }) => kind === 'workloads')?.namespace ?? '';
      await open(session, `/map?map=allowed&namespace=${namespace}`);
      const names = await session.page.locator('[data-map-drawing] a[data-kind=workloads]').allTextContents();
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(name).toContain(namespace);
      await open(session, '/map?map=allowed&namespace=nowhere');
      await session.page.getByRole('button', { name: 'Show the whole map' }).click();
      await session.page.locator('[data-map-drawing]').waitFor();
    });

    it('says that the server is away, and shows the map when it is back', async () => {
      await open(session, '/settings');
      await session.page.route('**/api/map', (route) => route.abort());
      await session.page.getByRole('link', { name: 'Map' }).click();
      await session.page.getByText('The server does not answer').waitFor();
      await session.page.unroute('**/api/map');
      await session.page.getByRole('button', { name: 'Try again' }).click();
      await session.page.locator('[data-map-drawing]').waitFor();
    });
  });

  describe('admission', () => {
    it('tells what was refused, by whom it was asked, and with which reason the glass was broken', async () => {
      const { decisions } = await ask<AdmissionView>('/api/admission');
      await open(session, '/policies/admission');
      expect(await session.page.locator('h1').textContent()).toBe(
        `Admission refused ${decisions.filter(({ outcome }) => outcome === 'denied').length} requests lately`,
      );
      const rows = session.page.locator('section[aria-labelledby=decisions] li');
      expect(await rows.count()).toBe(decisions.length);
      await session.page.getByText('Break-glass 1', { exact: true }).click();
      await session.page.waitForURL(/outcome=break-glass/);
      expect(await rows.allTextContents()).toEqual([expect.stringContaining('the shop is down, incident 4711')]);
    });

    it('tells what would be refused today by team, how far each policy goes, and which exceptions count', async () => {
      const outlook = await ask<AdmissionOutlook>('/api/admission/outlook');
      await open(session, '/policies/admission');
      const team = outlook.teams.find(({ refused }) => refused > 0);
      const teams = session.page.locator('section[aria-labelledby=teams]');
      await teams.getByRole('button', { name: `Show what is meant of ${team?.name}` }).click();
      expect(await teams.textContent()).toContain('is privileged');
      const ladder = session.page.locator('section[aria-labelledby=ladder] tbody tr');
      expect(await ladder.first().textContent()).toContain('block');
      const exceptions = session.page.locator('section[aria-labelledby=exceptions]');
      expect(await exceptions.textContent()).toContain('It measures the processes of its node.');
    });

    it('tells the age of the snapshot and how long the certificate lasts, and says when the snapshot is old', async () => {
      const path = join(inject('state'), 'admission', 'snapshot.json');
      await open(session, '/policies/admission');
      expect(await session.page.getByText(/^\d+ days$/).count()).toBe(1);
      const text = await readFile(path, 'utf8');
      const old = new Date(Date.now() - 3 * 86_400_000).toISOString();
      await writeFile(path, text.replace(/"time":"[^"]+"/, `"time":"${old}"`));
      try {
        await open(session, '/policies/admission');
        expect(await session.page.getByRole('note').textContent()).toContain('The snapshot is 3 days old.');
      } finally {
        await writeFile(path, text);
      }
    });
  });
});
