import { addBit, type Bits, emptyBits, hashOf, membersOf } from '../network/bits.ts';
import { TENANT_CHANNELS, type TenantChannel, type TenantReach } from './reach-of-tenants.ts';

/** Tenants that get at the same others in the same ways, and that the same others get at. */
export interface TenantClass {
  /** Numbers of tenants. */
  members: number[];
  /** Its members get at each other. */
  mutual: boolean;
}

/** From one class of tenants to another, or to the others of its own: what they get at each of them by. */
export interface ClassReach {
  from: number;
  to: number;
  channels: TenantChannel[];
}

/**
 * Tenants that are treated alike count once: two of them belong together where leaving both out of account they get at
 * the same tenants, are got at by the same, and get at each other in both directions alike.
 */
export function tenantClasses(reach: TenantReach): { classes: TenantClass[]; rows: ClassReach[] } {
  const size = reach.network.length;
  /* Ways that nobody has tell nobody apart. */
  const channels = TENANT_CHANNELS.filter((channel) => reach[channel].some((set) => set.some((word) => word !== 0)));
  const outgoing = new Map(channels.map((channel) => [channel, transpose(reach[channel])]));
  const classes: TenantClass[] = [];
  const known = new Map<string, TenantClass>();
  for (let tenant = 0; tenant < size; tenant++) {
    const sets = channels.flatMap((channel) => [reach[channel][tenant]!, outgoing.get(channel)![tenant]!]);
    const found = known.get(keyOf(sets, tenant, true)) ?? known.get(keyOf(sets, tenant, false));
    if (found !== undefined) {
      found.members.push(tenant);
      continue;
    }
    const one = { members: [tenant], mutual: false };
    classes.push(one);
    for (const withItself of [true, false]) known.set(keyOf(sets, tenant, withItself), one);
  }
  for (const one of classes) {
    const [first, second] = one.members;
    one.mutual = second !== undefined && TENANT_CHANNELS.some((channel) => isIn(reach[channel][second]!, first!));
  }
  return { classes, rows: rowsOf(reach, classes) };
}

/* With itself: those who all get at each other have equal sets. Without: those who do not. */
function keyOf(sets: readonly Bits[], tenant: number, withItself: boolean): string {
  const texts = sets.map((set) => {
    if (!withItself || set.every((word) => word === 0)) return hashOf(set);
    const own = set.slice();
    addBit(own, tenant);
    return hashOf(own);
  });
  return `${withItself} ${texts.join()}`;
}

function rowsOf(reach: TenantReach, classes: readonly TenantClass[]): ClassReach[] {
  const rows: ClassReach[] = [];
  const leaders = emptyBits(reach.network.length);
  for (const { members } of classes) addBit(leaders, members[0]!);
  const numbers = new Map(classes.map(({ members }, number) => [members[0]!, number]));
  for (const [to, { members, mutual }] of classes.entries()) {
    const sources = new Map<number, TenantChannel[]>();
    for (const channel of TENANT_CHANNELS)
      for (const tenant of membersOf(reach[channel][members[0]!]!)) {
        const from = isIn(leaders, tenant) ? numbers.get(tenant) : undefined;
        if (from !== undefined) sources.set(from, [...(sources.get(from) ?? []), channel]);
      }
    if (mutual)
      sources.set(
        to,
        TENANT_CHANNELS.filter((channel) => isIn(reach[channel][members[1]!]!, members[0]!)),
      );
    for (const [from, channels] of sources) rows.push({ from, to, channels });
  }
  return rows;
}

function isIn(bits: Bits, number: number): boolean {
  return (bits[number >>> 5]! & (1 << (number & 31))) !== 0;
}

function transpose(rows: readonly Bits[]): Bits[] {
  const columns = rows.map(() => emptyBits(rows.length));
  for (const [row, bits] of rows.entries()) for (const column of membersOf(bits)) addBit(columns[column]!, row);
  return columns;
}
