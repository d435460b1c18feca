import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY_PAGE, firstIds } from './every-page.ts';
import { NO_BROWSER, open, openBrowser, type Visit, visit } from './open-browser.ts';

let browser: Browser;
let ids: Awaited<ReturnType<typeof firstIds>>;

async function violations({ page }: Visit): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`));
}

describe.skipIf(NO_BROWSER !== '')(`every page${NO_BROWSER}`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
    ids = await firstIds();
  });
  afterAll(() => browser.close());

  describe.each(['light', 'dark'] as const)('in %s', (theme) => {
    let session: Visit;
    beforeAll(async () => {
      session = await visit(browser, { theme });
    });
    afterAll(() => session.context.close());

    it.each(Object.keys(EVERY_PAGE))(
      '%s: no axe violation, no script error, nothing refused by policy',
      async (name) => {
        await open(session, EVERY_PAGE[name]?.(ids) ?? '');
        expect(await violations(session)).toEqual([]);
        expect(session.faults).toEqual([]);
      },
    );
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    const session = await visit(browser, { narrow: true });
    const tooWide: string[] = [];
    for (const [name, path] of Object.entries(EVERY_PAGE)) {
      await open(session, path(ids));
      const over = await session.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (over > 0) tooWide.push(`${name}: ${over} px`);
    }
    expect(tooWide).toEqual([]);
    await session.context.close();
  });

  it('has a title of its own, one main heading and the landmarks', async () => {
    const session = await visit(browser);
    const titles = new Set<string>();
    for (const path of [
      '/',
      '/questions',
      '/inventory',
      '/map',
      '/policies',
      '/policies/admission',
      '/incidents',
      '/settings',
      '/fixes/1',
    ]) {
      await open(session, path);
      titles.add(await session.page.title());
      expect(await session.page.locator('h1').count()).toBe(1);
      for (const landmark of ['main', 'navigation', 'banner'] as const) {
        expect(await session.page.getByRole(landmark).first().isVisible()).toBe(true);
      }
    }
    expect(titles.size).toBe(9);
    await session.context.close();
  });
});
