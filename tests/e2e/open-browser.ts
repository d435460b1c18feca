import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

/** Debian's own browser; another with `CHROMIUM`. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a browser to test in, and why not, for the titles of tests. */
export const NO_BROWSER = existsSync(CHROMIUM) ? '' : ` (skipped: no ${CHROMIUM})`;

/** Opens the browser; it calls nobody by itself. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** How a page is looked at. */
export interface View {
  theme?: 'light' | 'dark';
  narrow?: boolean;
  signedOut?: boolean;
}

/** A page, and whatever went wrong on it: script errors and what the content security policy refused. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  address: string;
  faults: string[];
  /** What the browser dropped of itself, since a network interface of this machine came or went. */
  dropped: string[];
}

/** Times that a page is opened again after something of it was dropped. */
const OPENED_AGAIN = 5;

/** Opens a fresh session in the browser. */
export async function visit(browser: Browser, { theme = 'light', narrow = false, signedOut = false }: View = {}) {
  const address = inject('address');
  const context = await browser.newContext({
    viewport: narrow ? { width: 390, height: 844 } : { width: 1360, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const [name = '', value = ''] = inject('session').split('=');
  if (!signedOut) await context.addCookies([{ name, value, url: address }]);
  const dropped: string[] = [];
  await fetchOutside(context, dropped);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|violates/i.test(message.text())) faults.push(message.text());
  });
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'net::ERR_NETWORK_CHANGED') dropped.push(request.url());
  });
  return { page, context, address, faults, dropped } satisfies Visit;
}

/**
 * Has everything but the live stream fetched by this process, as it is asked and answered: when interfaces of others'
 * containers come and go the browser drops what it fetches itself, and a page half loaded says what no user reads.
 */
async function fetchOutside(context: BrowserContext, dropped: string[]): Promise<void> {
  await context.route('**/*', async (route) => {
    const request = route.request();
    if (request.resourceType() === 'eventsource') return await route.continue();
    try {
      await route.fulfill({ response: await route.fetch({ maxRedirects: 0 }) });
    } catch {
      // The page went on, or no answer came in time: as the browser would say it.
      dropped.push(request.url());
      await route.abort('connectionfailed').catch(() => {});
    }
  });
}

/**
 * Goes to a page of the console and waits until its heading stands and nothing loads. What the browser drops even so, when
 * an interface of this machine comes or goes, is opened again.
 */
export async function open(session: Visit, path: string): Promise<void> {
  for (let again = 0; ; again++) {
    session.dropped.length = 0;
    try {
      await show(session, path);
      if (session.dropped.length === 0 || again >= OPENED_AGAIN) return;
    } catch (error) {
      if (session.dropped.length === 0 || again >= OPENED_AGAIN) throw error;
    }
    session.faults.length = 0;
  }
}

async function show({ page, address, dropped }: Visit, path: string): Promise<void> {
  await page.goto(`${address}${path}`);
  if (dropped.length > 0) return;
  await page.locator('h1').waitFor({ timeout: 15_000 });
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}
