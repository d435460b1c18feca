import type { Classifier, Mark } from './classifier.ts';

/**
 * Versions of a Go program as `-X` flags of its linker leave them: a text of its own that zero bytes fill up. What
 * stands before it is no part of a word, a path or a number, or is the constant 2^26.
 */
function flags(majors: string[], version: string): Mark[] {
  const pattern = new RegExp(`(?:[^\\w./-]|\\xa0L)${version}\\0`);
  return majors.map((near) => ({ near, pattern }));
}

/** Marks of the programs of Elastic, in whose texts the version stands between others of its length. */
const BEAT: Mark[] = [
  { near: 'stdinsetupTest ', pattern: /stdinsetupTest (\d+\.\d+\.\d+)/ },
  { near: '-9765625: type ', pattern: /rate(\d+\.\d+\.\d+)-9765625: type / },
  { near: 'globalclient', pattern: /plugin(\d+\.\d+\.\d+)globalclient/ },
];

const beat = (name: string): Classifier => ({
  name,
  products: ['elastic:beats', `elastic:${name}`],
  file: new RegExp(`^${name}$`),
  marks: BEAT,
});

const PRE = String.raw`(?:-(?:alpha|beta|rc)\.?\d+)?`;
const ISTIO = flags(['1.'], String.raw`(1\.\d+(?:\.\d+(?:-(?:alpha|beta|rc)\.\d+)?|-dev))(?!\0{1,8}1\.\d)`);

/** Programs of Go whose build information does not tell their release. */
export const GO_PROGRAMS: Classifier[] = [
  {
    name: 'consul',
    products: ['hashicorp:consul'],
    purl: 'golang/github.com/hashicorp/consul',
    file: /^consul$/,
    marks: [
      { near: 'CONSUL_VERSION: ', pattern: /CONSUL_VERSION: (\d+\.\d+\.\d+)/ },
      { near: 'consul/version.GitDescribe=', pattern: /version\.GitDescribe=v?(\d+\.\d+\.\d+)/ },
      ...flags(['v1.', 'v0.'], String.raw`v([01]\.\d+\.\d+)`),
    ],
  },
  {
    name: 'vault',
    products: ['hashicorp:vault'],
    purl: 'golang/github.com/hashicorp/vault',
    file: /^vault$/,
    marks: [
      { near: ':revoke', pattern: /:revoke(\d+\.\d+\.\d+(?:-rc\d+)?)\)\(nil\)\)/ },
      { near: 'index_state', pattern: /index_state(\d+\.\d+\.\d+(?:-rc\d+)?)\n/ },
      { near: '0x%016x', pattern: /0x%016x(\d+\.\d+\.\d{1,2}?)\n?(?:1\.49\.22)?123-abc/ },
      ...flags(['1.', '0.'], String.raw`([01]\.\d+\.\d+)`),
    ],
  },
  {
    name: 'traefik',
    products: ['traefik:traefik'],
    file: /^traefik$/,
    marks: flags(['v1.', '2.', '3.'], String.raw`(?:v(?=1\.)|(?=[23]\.))([123]\.\d+\.\d+${PRE})`),
  },
  {
    name: 'helm',
    products: ['helm:helm'],
    purl: 'golang/helm.sh/helm',
    file: /^helm$/,
    marks: flags(['v2.', 'v3.', 'v4.'], String.raw`v([234]\.\d+\.\d+${PRE})`),
  },
  { name: 'pilot-agent', products: ['istio:istio'], purl: 'generic/istio', file: /^pilot-agent$/, marks: ISTIO },
  {
    name: 'pilot-discovery',
    products: ['istio:istio'],
    purl: 'generic/istio',
    file: /^pilot-discovery$/,
    marks: ISTIO,
  },
  {
    name: 'nginx-ingress-controller',
    products: ['kubernetes:ingress-nginx', 'kubernetes:nginx_ingress_controller'],
    file: /^nginx-ingress-controller$/,
    marks: [...flags(['v0.', 'v1.'], String.raw`v([01]\.\d+\.\d+${PRE})`), ...flags(['0.'], String.raw`(0\.\d+\.\d+)`)],
  },
  {
    name: 'grafana',
    products: ['grafana:grafana'],
    file: /^grafana(?:-server)?$/,
    marks: [
      { near: '\0release-', pattern: /\0release-(\d+\.\d+\.\d+)(?:\+security-\d+)?\0/ },
      ...flags(
        Array.from({ length: 20 }, (_, index) => `${index + 4}.`),
        String.raw`(\d{1,2}\.\d+\.\d+(?:-(?:beta\d+|preview|test|rc\d+|\d{4,12}))?)`,
      ),
    ],
  },
  {
    name: 'elastic-agent',
    products: ['elastic:elastic_agent'],
    file: /^elastic-agent$/,
    marks: [
      { near: 'headeruint16secret', pattern: /enroll(?:: true)?(\d+\.\d+\.\d+)-?headeruint16secret/ },
      { near: '3:04PM', pattern: /3:04PM(\d+\.\d+\.\d+):https/ },
    ],
  },
  ...['auditbeat', 'filebeat', 'heartbeat', 'metricbeat', 'packetbeat'].map(beat),
];
