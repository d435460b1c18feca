import { BlockList, isIP } from 'node:net';

/**
 * The proxy by which kubectl would reach a server: `HTTPS_PROXY` or `HTTP_PROXY`, by the scheme of the server, unless it
 * is this machine or `NO_PROXY` names it (`.example`, `example:6443`, an address, a range, `*`).
 */
export function environmentProxy(server: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
  const proxy = environment[name] || environment[name.toLowerCase()];
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return undefined;
  const without = environment['NO_PROXY'] || environment['no_proxy'] || '';
  const direct = without.split(',').some((entry) => names(entry.trim().toLowerCase(), host, port || '443'));
  if (direct) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function names(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return isWithin(entry, host);
  const withPort = /^(.*):(\d+)$/.exec(entry);
  const [named, only] = withPort && isIP(entry) === 0 ? [withPort[1] as string, withPort[2]] : [entry, port];
  if (only !== port) return false;
  const suffix = named.replace(/^\*?\./, '');
  return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

function isWithin(range: string, host: string): boolean {
  const [network = '', prefix] = range.split('/');
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version) return false;
  const length = Number(prefix);
  if (!Number.isInteger(length) || length < 0 || length > (version === 6 ? 128 : 32)) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, length, family);
  return list.check(host, family);
}
