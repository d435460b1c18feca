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
}

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
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|violates/i.test(message.text())) faults.push(message.text());
  });
  return { page, context, address, faults } satisfies Visit;
}

/** Goes to a page of the console and waits until its heading stands and nothing loads. */
export async function open({ page, address }: Visit, path: string): Promise<void> {
  await page.goto(`${address}${path}`);
  await page.locator('h1').waitFor();
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}
