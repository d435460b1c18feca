import type { Behaviour, BehaviourProfile } from '@breakwater/model';

/** A web server that runs as user 101, reads its pages, writes a log and a cache, and calls a database and an API. */
export function webProfile(changes: Partial<BehaviourProfile> = {}): BehaviourProfile {
  const nginx = '/usr/sbin/nginx';
  const by = (dimension: Behaviour['dimension'], object: string, more: Partial<Behaviour> = {}): Behaviour => ({
    dimension,
    actor: nginx,
    parent: '',
    object,
    ...more,
  });
  return {
    subject: 'shop/Deployment/web',
    container: 'nginx',
    origin: 'recorded',
    partial: false,
    dimensions: ['exec', 'open', 'connect', 'listen', 'capability', 'privilege'],
    behaviours: [
      { dimension: 'exec', actor: '', parent: '', object: nginx, inImage: true },
      by('exec', '/usr/bin/curl', { inImage: true }),
      by('privilege', 'uid 101'),
      by('open', '/etc/nginx/nginx.conf', { access: 'read' }),
      by('open', '/var/log/nginx/*', { access: 'write' }),
      by('open', '/var/cache/nginx/*/*', { access: 'create' }),
      by('listen', '80/TCP'),
      by('connect', '169.254.169.254:80/TCP'),
      by('connect', 'database.shop.svc.cluster.local:5432/TCP'),
      by('connect', 'internet:443/TCP'),
      by('connect', 'loopback:9000/TCP'),
      by('connect', 'unix:/run/php/*'),
      by('capability', 'CAP_CHOWN'),
    ],
    ...changes,
  };
}

/** One more behaviour of it. */
export const another = (
  dimension: Behaviour['dimension'],
  object: string,
  more: Partial<Behaviour> = {},
): Behaviour => ({
  dimension,
  actor: '/usr/sbin/nginx',
  parent: '',
  object,
  ...more,
});
