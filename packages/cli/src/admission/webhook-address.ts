import { UserError } from '@breakwater/model';

/** Where the listener answers reviews. */
export const ADMIT_PATH = '/admit';

/**
 * Where an API server finds the listener, from what was typed. Without a path it is where reviews are answered: any other
 * would be answered with 404, and an API server that fails open would let everything through.
 */
export function webhookAddress(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new UserError('--url takes an https address such as https://10.0.0.1:8443/admit.', {
      code: 'option-invalid',
      hint: 'API servers speak to webhooks with TLS only, and add what they ask by themselves.',
    });
  }
  if (url.pathname === '/') url.pathname = ADMIT_PATH;
  return url.href;
}
