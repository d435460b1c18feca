/** A value that is a credential where its name speaks of a vendor, and may look like anything elsewhere. */
export interface VendorRule {
  rule: string;
  /** In lower case; one of them is in the name. */
  words: readonly string[];
  /** The whole value. */
  form: RegExp;
  entropy: number;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** `WORD,WORD: FORM | FORM`; the rule is called after the first word. */
// biome-ignore format: one vendor is one line
const lines: readonly string[] = [
  'adafruit: [a-z0-9_-]{32}', 'adobe: [a-f0-9]{32}', 'airtable: [a-z0-9]{17}', 'algolia: [a-z0-9]{32}',
  'alibaba,aliyun: [a-z0-9]{30}', 'asana: [0-9]{16} | [a-z0-9]{32}', 'atlassian,confluence,jira: [a-z0-9]{24}',
  'aws,amazon: [A-Za-z0-9/+]{40}', 'beamer: b_[a-z0-9=_-]{44}', 'bitbucket: [a-z0-9]{32} | [a-z0-9=_-]{64}',
  'bittrex: [a-z0-9]{32}', 'meraki: [0-9a-f]{40}', 'cloudflare: [a-z0-9_-]{40} | [a-f0-9]{37}', 'codecov: [a-z0-9]{32}',
  'cohere,co_api_key: [a-zA-Z0-9]{40}', 'coinbase: [a-z0-9_-]{64}', 'confluent: [a-z0-9]{16} | [a-z0-9]{64}',
  'contentful: [a-z0-9=_-]{43}', 'datadog: [a-z0-9]{32} | [a-z0-9]{40}', 'discord: [a-f0-9]{64} | [0-9]{18} | [a-z0-9=_-]{32}',
  'drone: [a-z0-9]{32}', 'dropbox: [a-z0-9]{15} | [a-z0-9]{11}AAAAAAAAAA[a-z0-9_=-]{43} | sl\\.[\\w=-]{135}',
  'etsy: [a-z0-9]{24}', 'facebook: [a-f0-9]{32} | \\d{15,16}[|%][0-9a-z_-]{27,40}', 'fastly: [a-z0-9=_-]{32}',
  'finicity: [a-z0-9]{20} | [a-f0-9]{32}', 'finnhub: [a-z0-9]{20}', 'flickr: [a-z0-9]{32}', 'freshbooks: [a-z0-9]{64}',
  'gitter: [a-z0-9_-]{40}', 'gocardless: live_[a-z0-9_=-]{40}', `heroku: ${UUID}`, `hubspot: ${UUID}`,
  'intercom: [a-z0-9=_-]{60}', 'jfrog,artifactory,bintray,xray: [a-z0-9]{73} | [a-z0-9]{64}', 'kraken: [a-z0-9/=_+-]{80,90}',
  `kucoin: [a-f0-9]{24} | ${UUID}`, 'launchdarkly: [a-z0-9=_-]{40}', 'linear: [a-f0-9]{32}',
  'linkedin,linked_in,linked-in: [a-z0-9]{14} | [a-z0-9]{16}', 'lob: (?:live|test)_[a-f0-9]{35}',
  'looker: [a-z0-9]{20} | [a-z0-9]{24}', 'mailchimp: [a-f0-9]{32}-us\\d\\d', 'mailgun: [a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}',
  'mattermost: [a-z0-9]{26}', `messagebird,message_bird,message-bird: [a-z0-9]{25} | ${UUID}`, 'netlify: [a-z0-9=_-]{40,46}',
  'newrelic,new-relic,new_relic: [a-z0-9]{64}', 'nytimes,newyorktimes,new-york-times: [a-z0-9=_-]{32}',
  'okta: 00[\\w=-]{40}', 'plaid: [a-z0-9]{24} | [a-z0-9]{30}', 'privateai,private_ai,private-ai: [a-z0-9]{32}',
  'rapidapi: [a-z0-9_-]{50}', `sendbird: ${UUID} | [a-f0-9]{40}`, 'sentry: [a-f0-9]{64}', `snyk: ${UUID}`,
  'sonar: [a-z0-9=_-]{40}', 'sourcegraph: [a-f0-9]{40}', `squarespace: ${UUID}`,
  'sumologic,sumo_,sumo-,sumotoken,sumokey: su[a-z0-9]{12} | [a-z0-9]{64}', 'travis: [a-z0-9]{22}', 'trello: [a-z0-9]{32}', 'twitch: [a-z0-9]{30}',
  'twitter: [a-z0-9]{25} | [a-z0-9]{45} | [a-z0-9]{50} | [0-9]{15,25}-[a-z0-9]{20,40}', 'zendesk: [a-z0-9]{40}',
  'contribsys: [a-f0-9]{8}:[a-f0-9]{8}', 'hashicorp: [a-z0-9]{14}\\.atlasv1\\.[a-z0-9_=-]{60,70}',
];

/** Vendors whose credentials have no mark of their own. */
export const vendorRules: readonly VendorRule[] = lines.map((line) => {
  const [words = '', forms = ''] = line.split(/: (.*)/s);
  const named = words.split(',');
  const form = new RegExp(`^(?:${forms.split(' | ').join('|')})$`, 'i');
  return { rule: `${named[0]}-credential`, words: named, form, entropy: 2 };
});
