import type { Incident, IncidentPage, LearnedProfile, ProfilePage, ReleaseComparison } from '@breakwater/model';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './every-page.ts';
import { NO_BROWSER, open, openBrowser, type Visit, visit } from './open-browser.ts';

const CART = encodeURIComponent('shop/Deployment/cart');

let browser: Browser;
let session: Visit;

describe.skipIf(NO_BROWSER !== '')(`behaviour and incidents${NO_BROWSER}`, () => {
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
  const profile = () => ask<LearnedProfile>(`/api/profiles/${CART}`);
  const firstIncident = async () => {
    const { items } = await ask<IncidentPage>('/api/incidents');
    return await ask<Incident>(`/api/incidents/${encodeURIComponent(items[0]?.id ?? '')}`);
  };

  describe('a profile', () => {
    it('is found from the inventory, and says of each dimension how sure it is', async () => {
      const { dimensions } = await profile();
      await open(session, '/inventory?tab=behaviour');
      await session.page.getByRole('link', { name: 'shop / cart' }).click();
      await session.page.getByRole('heading', { name: 'How sure it is' }).waitFor();
      const rows = await session.page.locator('section[aria-labelledby=sure] tbody tr').allTextContents();
      expect(rows).toHaveLength(dimensions.length);
      for (const [index, { note, isSeen, isSettled }] of dimensions.entries()) {
        expect(rows[index]).toContain(isSeen ? (isSettled ? 'Settled' : 'Not settled') : 'Nobody sees it');
        if (!isSettled) expect(rows[index]?.toLowerCase()).toContain(note.toLowerCase());
      }
    });

    it('stands on the page of its workload, with what it does, and is searched by keyboard', async () => {
      const { items } = await ask<{ items: { id: string }[] }>('/api/workloads?search=shop/Deployment/cart');
      await open(session, `/workloads/${encodeURIComponent(items[0]?.id ?? '')}`);
      await session.page.getByRole('tab', { name: 'Behaviour' }).click();
      const does = session.page.locator('section[aria-labelledby=does]');
      await does.waitFor();
      await does.getByRole('textbox').focus();
      await session.page.keyboard.type('postgres.data');
      expect(await does.locator('li').allTextContents()).toEqual([expect.stringContaining('postgres.data.svc:5432')]);
      await session.page.keyboard.type(' nothing like it');
      await does.getByText('It is not known to do such a thing').waitFor();
      await does.getByRole('button', { name: 'Show all behaviours' }).click();
      expect(await does.locator('li').count()).toBeGreaterThan(3);
    });

    it('draws how each dimension grew, with words for those who do not see it', async () => {
      await open(session, `/behaviour/${CART}`);
      const curves = session.page.locator('section[aria-labelledby=growth] svg');
      const words = await curves.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
      expect(words.length).toBeGreaterThan(3);
      for (const one of words) expect(one).toMatch(/^(\d+ behaviours?, the last of them on|nothing known)/);
    });

    it('says that nothing is known where no event came in', async () => {
      await open(session, '/behaviour/nobody');
      expect(await session.page.locator('h1').textContent()).toBe('Nothing is known of how it behaves');
    });
  });

  describe('two releases', () => {
    it('stand beside each other: what changed, and what of the new behaviour that explains', async () => {
      const { difference, explained, unexplained } = await ask<ReleaseComparison>(`/api/profiles/${CART}/releases`);
      await open(session, `/behaviour/${CART}`);
      await session.page.getByRole('link', { name: /^Compare with the one before/ }).click();
      const changed = session.page.locator('section[aria-labelledby=changed]');
      await changed.waitFor();
      for (const { name } of difference.changes) expect(await changed.textContent()).toContain(name);
      const news = await session.page.locator('section[aria-labelledby=new]').textContent();
      expect(explained.length).toBeGreaterThan(0);
      for (const { by, behaviour } of explained) {
        expect(news).toContain(behaviour.object);
        expect(news).toContain(by);
      }
      for (const { behaviour } of unexplained) expect(news).toContain(behaviour.object);
    });
  });

  describe('an incident', () => {
    it('is counted in the rail, listed first, and answers what one asks at night', async () => {
      const incident = await firstIncident();
      await open(session, '/');
      await session.page.getByRole('navigation', { name: 'Places' }).getByText('1 open').waitFor();
      await session.page.getByRole('link', { name: /^Incidents/ }).click();
      await session.page.getByRole('link', { name: incident.title }).click();
      await session.page.waitForURL(/\/incidents\/./);
      await session.page.getByRole('heading', { level: 1, name: incident.title }).waitFor();
      const terms = await session.page.locator('main dt').allTextContents();
      expect(terms.slice(0, 5)).toEqual(['Where', 'What was stopped', 'How to end it', 'How sure', 'Not checked']);
      const page = (await session.page.locator('main').textContent()) ?? '';
      for (const { sentence } of [...incident.entries, ...incident.facts])
        expect(page).toContain(sentence.replaceAll('`', ''));
      for (const { path } of incident.processes) expect(page).toContain(path);
    });

    it('says what could be done about it before anything is, and why not', async () => {
      const { id } = await firstIncident();
      await open(session, `/incidents/${id}`);
      await session.page.getByRole('button', { name: 'Contain', exact: true }).click();
      const dialog = session.page.getByRole('dialog', { name: 'Contain' });
      await dialog.getByText(/^quarantine shop\/cart-/).waitFor();
      expect(await dialog.getByRole('button', { name: 'Do it' }).isDisabled()).toBe(true);
      await session.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await session.page.evaluate<string>("document.activeElement?.textContent ?? ''")).toBe('Contain');
    });

    it('shows exactly what somebody would answer for, and takes nothing without a reason and an owner', async () => {
      const incident = await firstIncident();
      await open(session, `/incidents/${incident.id}`);
      await session.page.getByRole('button', { name: /^This is expected/ }).click();
      const dialog = session.page.getByRole('dialog', { name: 'This is expected' });
      const offered = incident.entries.filter(
        ({ kind, key, policy }) => (kind === 'deviation' ? key : policy) !== undefined,
      );
      expect(await dialog.getByRole('checkbox').count()).toBe(offered.length);
      await dialog.getByRole('button', { name: 'Expect it' }).click();
      expect(await dialog.isVisible()).toBe(true);
      for (const box of await dialog.getByRole('checkbox').all()) await box.uncheck();
      expect(await dialog.getByRole('button', { name: 'Expect it' }).isDisabled()).toBe(true);
      expect((await firstIncident()).feedback).toEqual([]);
    });

    it('says that the server is away, and shows the list when it is back', async () => {
      await open(session, '/settings');
      await session.page.route('**/api/incidents*', (route) => route.abort());
      await session.page.getByRole('link', { name: /^Incidents/ }).click();
      await session.page.getByText('The server does not answer').waitFor();
      await session.page.unroute('**/api/incidents*');
      await session.page.getByRole('button', { name: 'Try again' }).click();
      await session.page.locator('main table').waitFor();
    });
  });

  describe('decisions', () => {
    it('hold a behaviour back, then answer for it until a day; the page tells both', async () => {
      const { items } = await ask<ProfilePage>('/api/profiles');
      const pending = (await profile()).pending.find(({ behaviour }) => behaviour.dimension === 'open');
      expect(items[0]?.pending).toBeGreaterThan(0);
      const object = pending?.behaviour.object ?? '';
      await open(session, `/behaviour/${CART}`);
      const row = session.page.locator('section[aria-labelledby=pending] li', { hasText: object });
      await row.getByRole('button', { name: /^Block/ }).click();
      await decide('Block', { Why: 'nobody reads that here', 'Who answers for it': 'team shop' });
      await row.getByText('held by team shop: nobody reads that here', { exact: false }).waitFor();
      await row.getByRole('button', { name: /^Allow/ }).click();
      await decide('Allow', { Why: 'the new client needs it', 'Who answers for it': 'team shop' });
      await row.waitFor({ state: 'detached' });
      const does = session.page.locator('section[aria-labelledby=does] li', { hasText: object });
      expect(await does.textContent()).toContain('allowed: team shop: the new client needs it');
    });

    it('close an incident with the reason, which stays in its story', async () => {
      const { id } = await firstIncident();
      await open(session, `/incidents/${id}`);
      await session.page.getByRole('button', { name: 'Close' }).click();
      await decide('Close it', { Why: 'we looked at it' });
      await session.page
        .locator('section[aria-labelledby=timeline]')
        .getByText(/closed it: we looked at it/)
        .waitFor();
      expect((await ask<IncidentPage>('/api/incidents')).open).toBe(0);
    });
  });

  async function decide(verb: string, answers: Record<string, string>): Promise<void> {
    const dialog = session.page.getByRole('dialog');
    for (const [label, text] of Object.entries(answers)) await dialog.getByLabel(label).fill(text);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
});
