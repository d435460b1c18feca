import { traverse } from '../cost/prices.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { addEntry } from '../maps.ts';
import { BOOL, listOf, mapOf, STRING, URL_TYPE } from '../types.ts';
import { CelUrl, escapedPathOf, hostnameOf, portOf, queryOf, readUrl } from '../url.ts';
import { CelMap, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

const part = (name: string, read: (url: CelUrl) => string): FunctionDeclaration =>
  member(name, [URL_TYPE], STRING, (_, url) => read(url));

function query(frame: Frame, url: CelUrl): Value {
  labour(frame, traversal(url.$text.length));
  const map = new CelMap();
  for (const [name, values] of queryOf(url)) addEntry(map, name, values);
  return map;
}

/** Kubernetes' functions on URLs. */
export const URL_FUNCTIONS: FunctionDeclaration[] = [
  global('url', [STRING], URL_TYPE, (_, text) => readUrl(text), traverse(0, 0.1, true)),
  global('isURL', [STRING], BOOL, (_, text) => readUrl(text) instanceof CelUrl),
  part('getScheme', (url) => url.$parts.scheme),
  part('getHost', (url) => url.$parts.host),
  part('getHostname', hostnameOf),
  part('getPort', portOf),
  part('getEscapedPath', escapedPathOf),
  member('getQuery', [URL_TYPE], mapOf(STRING, listOf(STRING)), query),
];
