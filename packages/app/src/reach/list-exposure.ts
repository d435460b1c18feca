import {
  type Connectivity,
  type Direction,
  describeUnseen,
  type NetworkReach,
  spellUnseen,
} from '@breakwater/engine/network/connectivity';
import { isMeant, nameOfWorkload, networkField, spellPorts } from './reach-ends.ts';
import type { ExposureRow, ReachQuestion } from './reach-rows.ts';

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** A workload about which no policy says anything in a direction. */
export interface Unprotected {
  workload: string;
  direction: Direction;
  network?: string;
}

/**
 * What workloads are open to that is not there yet: pods as rules speak of them, told where they may do other things than
 * any pod of the cluster may.
 */
export function listExposure(
  { network, reach }: NetworkReach,
  { from, to }: ReachQuestion,
): { exposure: ExposureRow[]; unprotected: Unprotected[] } {
  const unseen = [...reach.endpoints.entries()].flatMap(([number, end]) =>
    end.kind === 'unseen' ? [{ number, peer: end.peer }] : [],
  );
  const entire = unseen.find(({ peer }) => spellUnseen(peer) === 'entire-cluster')?.number;
  const known = new Map<string, Pick<ExposureRow, 'peer' | 'ports'>[]>();
  const open = (end: number, direction: Direction): Pick<ExposureRow, 'peer' | 'ports'>[] => {
    const key = `${end} ${direction}`;
    let rows = known.get(key);
    if (rows === undefined) {
      rows = openTo(reach, end, direction, { unseen, entire });
      known.set(key, rows);
    }
    return rows;
  };
  const found: { exposure: ExposureRow[]; unprotected: Unprotected[] } = { exposure: [], unprotected: [] };
  for (const [position, one] of reach.workloads.entries()) {
    const workload = nameOfWorkload(one);
    const end = reach.classOf[position]!;
    for (const direction of DIRECTIONS) {
      const [own, other] = direction === 'ingress' ? [to, from] : [from, to];
      if (!isMeant(workload, own) || (own === undefined && other !== undefined)) continue;
      const side = { workload, direction, ...networkField(network) };
      if (!reach.isRestricted(end, direction)) found.unprotected.push(side);
      else for (const row of open(end, direction)) found.exposure.push({ ...side, ...row });
    }
  }
  return found;
}

type Unseen = { number: number; peer: Parameters<typeof describeUnseen>[0] };

function openTo(
  reach: Connectivity,
  end: number,
  direction: Direction,
  { unseen, entire }: { unseen: readonly Unseen[]; entire: number | undefined },
): Pick<ExposureRow, 'peer' | 'ports'>[] {
  const all = entire === undefined ? reach.connections.none : reach.oneWay(end, entire, direction);
  return unseen.flatMap(({ number, peer }) => {
    const set = reach.oneWay(end, number, direction);
    if (set === reach.connections.none || (number !== entire && set === all)) return [];
    return [{ peer: describeUnseen(peer), ports: spellPorts(reach, set) }];
  });
}
