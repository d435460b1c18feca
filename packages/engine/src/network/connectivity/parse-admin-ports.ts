import type { Json, JsonObject } from '@breakwater/model';
import { fieldOf, listOf, objectOf } from '../../json/index.ts';
import { InvalidPolicy } from '../selector.ts';
import type { RulePort } from './policy.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

/**
 * The ports of a rule of network-policy-api: `ports` of AdminNetworkPolicy, `protocols` of ClusterNetworkPolicy;
 * undefined where the rule is about all. @throws InvalidPolicy
 */
export function parseAdminPorts(
  rule: JsonObject,
  where: string,
  { most, strict }: { most: number; strict: boolean },
): RulePort[] | undefined {
  const ports = listAt(rule, 'ports', where).map((port, at) => parsePort(port, `${where}.ports[${at}]`));
  const protocols = listAt(rule, 'protocols', where).map((one, at) => parseProtocol(one, `${where}.protocols[${at}]`));
  const both = [...ports, ...protocols];
  if (both.length > most) throw new InvalidPolicy(`${where} has more than ${most} ports`);
  if (strict && Array.isArray(fieldOf(rule, 'protocols')) && protocols.length === 0)
    throw new InvalidPolicy(`${where}.protocols is empty`);
  return both.length === 0 ? undefined : both;
}

function listAt(rule: JsonObject, field: string, where: string): Json[] {
  const value = fieldOf(rule, field) ?? null;
  if (value !== null && !Array.isArray(value)) throw new InvalidPolicy(`${where}.${field} is not a list`);
  return listOf(value);
}

/** The one field that is set. */
function only(value: Json, allowed: readonly string[], where: string): [field: string, value: Json] {
  const object = objectOf(value);
  const set = Object.entries(object ?? {}).filter(([, given]) => given !== null);
  const [first] = set;
  if (first === undefined || set.length !== 1 || !allowed.includes(first[0]))
    throw new InvalidPolicy(`${where} does not have exactly one of ${allowed.join(', ')}`);
  return first;
}

function parsePort(value: Json, where: string): RulePort {
  const [field, given] = only(value, ['portNumber', 'portRange', 'namedPort'], where);
  if (field === 'namedPort') return { protocol: undefined, name: nameOf(given, `${where}.namedPort`) };
  const port = objectOf(given);
  if (port === undefined) throw new InvalidPolicy(`${where}.${field} is not an object`);
  const protocol = fieldOf(port, 'protocol') ?? 'TCP';
  if (typeof protocol !== 'string' || !PROTOCOLS.includes(protocol))
    throw new InvalidPolicy(`${where}.${field}.protocol is ${JSON.stringify(protocol)}`);
  if (field === 'portRange') return { protocol, ...rangeOf(port, `${where}.portRange`) };
  const number = numberOf(fieldOf(port, 'port'), `${where}.portNumber.port`);
  return { protocol, from: number, to: number };
}

function parseProtocol(value: Json, where: string): RulePort {
  const [field, given] = only(value, ['tcp', 'udp', 'sctp', 'destinationNamedPort'], where);
  if (field === 'destinationNamedPort') return { protocol: undefined, name: nameOf(given, `${where}.${field}`) };
  const protocol = field.toUpperCase();
  const destination = fieldOf(objectOf(given), 'destinationPort') ?? undefined;
  if (destination === undefined) throw new InvalidPolicy(`${where}.${field} has no destinationPort`);
  const [kind, port] = only(destination, ['number', 'range'], `${where}.${field}.destinationPort`);
  if (kind === 'range') {
    const range = rangeOf(objectOf(port), `${where}.${field}.destinationPort.range`);
    if (range.from === range.to) throw new InvalidPolicy(`${where}.${field}.destinationPort.range is of one port`);
    return { protocol, ...range };
  }
  const number = numberOf(port, `${where}.${field}.destinationPort.number`);
  return { protocol, from: number, to: number };
}

function rangeOf(range: JsonObject | undefined, where: string): { from: number; to: number } {
  const from = numberOf(fieldOf(range, 'start'), `${where}.start`);
  const to = numberOf(fieldOf(range, 'end'), `${where}.end`);
  if (to < from) throw new InvalidPolicy(`${where}.end is below its start`);
  return { from, to };
}

function numberOf(value: Json | undefined, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidPolicy(`${where} is ${JSON.stringify(value ?? null)}`);
  return value;
}

function nameOf(value: Json, where: string): string {
  if (typeof value !== 'string' || !/^(?=[a-z0-9-]{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value))
    throw new InvalidPolicy(`${where} is ${JSON.stringify(value)}`);
  return value;
}
