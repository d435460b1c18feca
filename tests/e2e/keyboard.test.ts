import type { WorkloadPage } from '@breakwater/model';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './every-page.ts';
import { NO_BROWSER, open, openBrowser, type Visit, visit } from './open-browser.ts';

let browser: Browser;
let session: Visit;
let workloads: WorkloadPage['items'];

describe.skipIf(NO_BROWSER !== '')(`by keyboard alone${NO_BROWSER}`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
    workloads = (await ask<WorkloadPage>('/api/workloads')).items;
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    session = await visit(browser);
    await open(session, '/');
    await session.page.locator('[data-row-link]').first().waitFor();
  });
  afterEach(() => session.context.close());

  const focused = () => session.page.evaluate<string>("document.activeElement?.textContent ?? ''");
  const nameOf = (index: number) => `${workloads[index]?.namespace} / ${workloads[index]?.name}`;

  it('moves over the ranking with j and k, and opens with Enter', async () => {
    await session.page.keyboard.press('j');
    expect(await focused()).toBe(nameOf(0));
    await session.page.keyboard.press('j');
    expect(await focused()).toBe(nameOf(1));
    await session.page.keyboard.press('k');
    expect(await focused()).toBe(nameOf(0));
    await session.page.keyboard.press('Enter');
    await session.page.getByRole('heading', { level: 1, name: workloads[0]?.name ?? '' }).waitFor();
    expect(session.page.url()).toContain(encodeURIComponent(workloads[0]?.id ?? ''));
  });

  it('shows the fix of a row with f, and gives the focus back on Escape', async () => {
    const index = workloads.findIndex(({ fixes }) => fixes.length > 0);
    for (let step = 0; step <= index; step += 1) await session.page.keyboard.press('j');
    await session.page.keyboard.press('f');
    await session.page.getByRole('dialog', { name: /^Fix \d+$/ }).waitFor();
    expect(new URL(session.page.url()).searchParams.get('fix')).toBe(String(workloads[index]?.fixes[0]));
    await session.page.keyboard.press('Escape');
    await session.page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe(nameOf(index));
    expect(new URL(session.page.url()).search).toBe('');
  });

  it.each(['/', 'Control+k'])('searches with %s and opens what is found', async (key) => {
    await session.page.keyboard.press(key);
    await session.page.getByRole('combobox', { name: /search/i }).waitFor();
    await session.page.keyboard.type(workloads[1]?.name ?? '');
    const option = session.page.getByRole('option', { name: nameOf(1) });
    await option.first().waitFor();
    await session.page
      .getByRole('option', { selected: true })
      .filter({ hasText: workloads[1]?.name ?? '' })
      .waitFor();
    await session.page.keyboard.press('Enter');
    await session.page.waitForURL(/\/(?:workloads|images|findings)\//);
  });

  it('lists its keys with a question mark', async () => {
    await session.page.keyboard.press('?');
    await session.page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await session.page.keyboard.press('Escape');
    await session.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('leaves keys to a field in which someone types', async () => {
    const field = session.page.getByRole('textbox', { name: 'Filter workloads' });
    await field.focus();
    await session.page.keyboard.type('jk?/f');
    expect(await field.inputValue()).toBe('jk?/f');
    expect(await session.page.getByRole('dialog').count()).toBe(0);
  });

  it('skips to the content, with a focus that is seen', async () => {
    await session.page.reload();
    await session.page.locator('h1').waitFor();
    await session.page.keyboard.press('Tab');
    expect(await focused()).toContain('Skip to the content');
    await session.page.keyboard.press('Enter');
    expect(await session.page.evaluate<string>('document.activeElement?.id')).toBe('content');
    await session.page.keyboard.press('Tab');
    const outline = await session.page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
  });
});
