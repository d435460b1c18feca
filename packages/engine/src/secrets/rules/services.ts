import { type TokenRule, token } from './token-rule.ts';

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** Credentials of services that programs call: messages, mail, payments, shops, maps. */
export const serviceTokens: readonly TokenRule[] = [
  token('slack-token', 'xoxb- xoxp-', '[0-9]{8,14}-[0-9a-zA-Z-]{18,90}'),
  token('slack-token', 'xoxe.xoxb- xoxe.xoxp- xoxe-', '\\d-[a-zA-Z0-9]{140,200}'),
  token('slack-token', 'xoxe-', '[0-9]{10,13}(?:-[0-9]{10,13}){2}-[a-zA-Z0-9-]{28,34}'),
  token('slack-token', 'xoxa- xoxr-', '(?:\\d-)?[0-9a-zA-Z-]{8,90}', { entropy: 2 }),
  token('slack-token', 'xoxs- xoxo-', '\\d{1,12}-\\d{1,12}-\\d{1,12}-[a-fA-F0-9]{8,80}'),
  token('slack-token', 'xapp-', '\\d-[A-Z0-9]{5,20}-\\d{5,20}-[a-z0-9]{20,90}'),
  token(
    'slack-webhook',
    'hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/',
    '[A-Za-z0-9+/]{43,56}',
  ),
  token('teams-webhook', '.webhook.office.com/webhookb2/', `${uuid}@${uuid}/IncomingWebhook/[a-z0-9]{32}/${uuid}`),
  token('discord-webhook', 'discord.com/api/webhooks/ discordapp.com/api/webhooks/', '\\d{17,20}/[\\w-]{60,72}'),
  token('telegram-token', ':A', '[\\w-]{34}', {
    before: { length: 5, form: /^\d{5}$/, open: true },
    context: /telegr|\/bot\d/i,
  }),
  token('stripe-key', 'sk_test_ sk_live_ sk_prod_ rk_test_ rk_live_ rk_prod_', '[a-zA-Z0-9]{10,99}', { entropy: 2 }),
  token('square-token', 'EAAA sq0atp- sq0csp-', '[\\w-]{22,60}', { entropy: 2.5 }),
  token('shopify-token', 'shpat_ shpca_ shppa_ shpss_', '[a-fA-F0-9]{32}', { entropy: 2 }),
  token('shippo-token', 'shippo_live_ shippo_test_', '[a-fA-F0-9]{40}', { entropy: 2 }),
  token('flutterwave-key', 'FLWPUBK_TEST- FLWSECK_TEST- FLWPUBK- FLWSECK-', '[a-h0-9]{12}(?:[a-h0-9]{20}-X)?', {
    entropy: 2,
  }),
  token('easypost-key', 'EZAK EZTK', '[a-zA-Z0-9]{54}', { entropy: 2 }),
  token('lob-key', 'live_pub_ test_pub_', '[a-f0-9]{31}'),
  token('duffel-token', 'duffel_test_ duffel_live_', '[a-zA-Z0-9_=-]{43}', { entropy: 2 }),
  token('plaid-token', 'access-sandbox- access-development- access-production-', uuid),
  token('gocardless-token', 'live_', '[a-zA-Z0-9_=-]{40}', { context: /gocardless/i }),
  token('sendgrid-key', 'SG.', '[a-zA-Z0-9=_.-]{66}', { entropy: 2 }),
  token('sendinblue-key', 'xkeysib-', '[a-f0-9]{64}-[a-zA-Z0-9]{16}', { entropy: 2 }),
  token('mailgun-key', 'pubkey- key-', '[a-f0-9]{32}', { context: /mailgun/i }),
  token('twilio-key', 'SK', '[0-9a-fA-F]{32}'),
  token('facebook-token', 'EAAM EAAC', '[a-zA-Z0-9]{100,500}', { entropy: 4 }),
  token('mapbox-token', 'pk. sk.', '[a-zA-Z0-9]{60}\\.[a-zA-Z0-9]{22}', { context: /mapbox/i }),
  token('mapbox-token', 'sk.eyJ', '[\\w-]{50,120}\\.[\\w-]{22}'),
  token('maxmind-key', '_mmk', '', { before: { length: 36, form: /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}$/ } }),
  token('frameio-token', 'fio-u-', '[\\w=-]{64}'),
  token('typeform-token', 'tfp_', '[\\w.=-]{59}'),
  token('dropbox-token', 'sl.', '[\\w=-]{130,160}'),
  token('adobe-secret', 'p8e-', '[a-zA-Z0-9]{32}', { entropy: 2 }),
  token('airtable-token', 'pat', '[a-zA-Z0-9]{14}\\.[a-f0-9]{64}'),
  token('twitter-bearer', 'AAAAAAAAAAAAAAAAAAAAAA', '[a-zA-Z0-9%]{80,100}'),
];
