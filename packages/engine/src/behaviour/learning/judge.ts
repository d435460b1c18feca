import type { Behaviour, BehaviourJudgement } from '@breakwater/model';
import { isSecretFile } from '../secret-files.ts';
import { count, type Entry, newEntry, type Sighting } from './entry.ts';
import { declaredBy, impliedBy, isAskedFor, type Reasoned, releasedBy, sharedBy, strangerIn } from './explain.ts';
import { gravity } from './gravity.ts';
import { cutTo } from './json-bytes.ts';
import type { Peers } from './known-before.ts';
import type { Model } from './model.ts';
import { timeOf } from './moment.ts';
import { isYoung, noteExplained, noteUnexplained, type Release } from './releases.ts';
import { SettledNow } from './settled-now.ts';
import { surpriseOf } from './surprise.ts';
import { LONGEST_REASON } from './table.ts';
import { beginAnew, COMPARED_STARTS, endAcceptance, isWitnessed, relearn, vouchedBy } from './witnesses.ts';

interface Told {
  key: string;
  behaviour: Behaviour;
}
type Verdict = BehaviourJudgement['verdict'];

/** Judges sightings, and learns from them. */
export class Judge {
  readonly #model: Model;
  readonly #peers: Peers | undefined;
  readonly #settled: SettledNow;

  constructor(model: Model, peers: Peers | undefined) {
    this.#model = model;
    this.#peers = peers;
    this.#settled = new SettledNow(model);
  }

  /** `isPrevented`: it was stopped, or would have been; then it is judged, and speaks for nothing. */
  judge(entry: Entry | undefined, told: Told, sighting: Sighting, isPrevented: boolean): BehaviourJudgement {
    if (entry === undefined) return this.#judgeNew(newEntry(told.key, told.behaviour), sighting, isPrevented, false);
    if (sighting.minute >= entry.until) endAcceptance(this.#model, entry);
    if (isPrevented)
      return entry.said ?? this.#sayOf(entry, sighting, entry.origin === undefined ? 'deviation' : 'known');
    if (entry.origin === undefined) return this.#judgePending(entry, sighting);
    const isFirst = entry.incidences === 0;
    count(entry, sighting);
    entry.said = this.#sayOf(entry, sighting, 'known');
    // That it was declared or recorded is said when it comes.
    return isFirst && entry.reason !== undefined
      ? { ...entry.said, verdict: 'explained', reasons: [entry.reason] }
      : entry.said;
  }

  #judgePending(entry: Entry, sighting: Sighting): BehaviourJudgement {
    const isOpen = entry.incidents.length === 0;
    if (isOpen && entry.isQuarantined && !sighting.isSuspect) {
      // Somebody else does so: it is as new as if it had not been seen.
      beginAnew(entry);
      entry.incidences = 0;
    }
    const isElsewhere = sighting.release >= 0 && !entry.releases.includes(sighting.release);
    if (isOpen && (entry.incidences === 0 || isElsewhere)) return this.#judgeNew(entry, sighting, false, true);
    count(entry, sighting);
    if (isOpen && entry.grave === undefined) {
      const vouched = vouchedBy(this.#model, entry, sighting);
      if (vouched !== undefined || isWitnessed(this.#model, entry, sighting.minute)) {
        this.#learn(entry, { origin: 'learned', by: vouched });
        const release = this.#model.releases.numbered(sighting.release);
        if (vouched !== undefined && release !== undefined) noteExplained(release, entry.key, vouched);
        entry.said = this.#sayOf(entry, sighting, 'known');
        return vouched === undefined ? entry.said : { ...entry.said, verdict: 'explained', reasons: [vouched] };
      }
    }
    // What an incident holds was told, and is told of others too.
    const isHidden = entry.isQuarantined && isOpen && !this.#isTold(entry, sighting);
    entry.said = this.#sayOf(entry, sighting, isHidden ? 'learning' : 'deviation');
    return entry.said;
  }

  /** Of what is not known any more, as something grave came just after it: what is to be told of it. */
  before(entries: readonly Entry[], sighting: Sighting): BehaviourJudgement[] {
    this.#settled.refresh();
    return entries
      .filter((entry) => this.#isTold(entry, sighting))
      .map((entry) => ({ ...this.#sayOf(entry, sighting, 'deviation'), seen: timeOf(entry.first) }));
  }

  /** Whether what is new on a suspect replica is told with what made it suspect: it is hardly chance. */
  #isTold = ({ dimension }: Entry, { isTold }: Sighting): boolean => isTold && this.#settled.isCalm(dimension);

  /** Of what is seen for the first time, or is to be judged as if it were. */
  #judgeNew(entry: Entry, sighting: Sighting, isPrevented: boolean, isKept: boolean): BehaviourJudgement {
    const { prior, held, releases } = this.#model;
    const { behaviour } = entry;
    const release = releases.numbered(sighting.release);
    const grave = gravity(behaviour) ?? strangerIn(behaviour, release);
    entry.grave = grave === undefined ? undefined : cutTo(grave, LONGEST_REASON);
    const incidents = held.get(entry.key);
    for (const incident of incidents ?? []) if (!entry.incidents.includes(incident)) entry.incidents.push(incident);
    let reasoned = prior.find(behaviour);
    if (reasoned === undefined && grave === undefined && incidents === undefined) {
      reasoned = this.#reasonFor(behaviour, release, sighting.minute);
    }
    this.#settled.refresh();
    const isStrict =
      grave !== undefined ||
      incidents !== undefined ||
      (entry.incidences > 0 && !entry.isQuarantined) ||
      this.#isStrict(entry.dimension, sighting);
    const isSpared = sighting.isStart && this.#model.starts < COMPARED_STARTS;
    const isQuarantined = reasoned === undefined && !isStrict && sighting.isSuspect && !isSpared;
    const isNews = isStrict || (isQuarantined && this.#isTold(entry, sighting));
    const verdict: Verdict = reasoned !== undefined ? 'explained' : isNews ? 'deviation' : 'learning';
    if (isPrevented) {
      if (!isKept) this.#keepPrevented(entry, sighting);
      return this.#sayOf(entry, sighting, verdict, reasoned?.by);
    }
    const said = this.#sayOf(entry, sighting, verdict, reasoned?.by);
    const hasRoom = isKept || this.#keep(entry, reasoned, sighting.minute);
    if (!hasRoom) return said.reasons.length > 0 && verdict !== 'explained' ? withoutRoom(said) : said;
    count(entry, sighting);
    entry.isQuarantined = isQuarantined;
    if (isQuarantined) {
      entry.said = said;
      return said;
    }
    if (verdict !== 'deviation') this.#learn(entry, reasoned ?? { origin: 'learned', by: undefined });
    this.#noteRelease(release, entry, verdict, reasoned?.by);
    entry.said = verdict === 'deviation' ? said : this.#sayOf(entry, sighting, 'known');
    this.#model.growth.note(sighting.minute, this.#model.known.size);
    return said;
  }

  #isStrict(dimension: number, { isStart }: Sighting): boolean {
    return this.#settled.isSteady(dimension) && (!isStart || this.#model.starts >= COMPARED_STARTS);
  }

  /** What is implied by others needs no room of its own, and makes room for what is not. */
  #keep(entry: Entry, reasoned: Reasoned | undefined, minute: number): boolean {
    const { table } = this.#model;
    entry.isImplied = reasoned?.isImplied === true && mayBeLetGo(entry.behaviour);
    if (!table.hasRoom(entry) && table.makeRoom(entry, minute)) relearn(this.#model);
    if (table.hasRoom(entry)) {
      table.add(entry);
      return true;
    }
    if (entry.isImplied) table.letGo += 1;
    else {
      if (table.dropped === 0) this.#model.changes += 1;
      table.drop(entry.key);
    }
    return false;
  }

  /** Nothing is learned of it, but somebody may answer for it. */
  #keepPrevented(entry: Entry, { minute }: Sighting): void {
    if (!this.#model.table.hasRoom(entry)) return;
    entry.first = minute;
    entry.last = minute;
    this.#model.table.add(entry);
  }

  /** Why it is no news; undefined where nothing explains it. */
  #reasonFor(behaviour: Behaviour, release: Release | undefined, minute: number): Reasoned | undefined {
    const { known, releases } = this.#model;
    if (release !== undefined) {
      const declared = declaredBy(behaviour, release.index);
      if (declared !== undefined) return { origin: 'declared', by: declared, isImplied: true };
      for (const one of releases.explaining(release)) {
        const by = releasedBy(behaviour, one.index, known, isYoung(one, minute));
        if (by !== undefined) return { origin: 'explained', by };
      }
    }
    const by = impliedBy(behaviour, known) ?? sharedBy(behaviour, this.#peers);
    return by === undefined ? undefined : { origin: 'learned', by, isImplied: true };
  }

  #learn(entry: Entry, { origin, by }: { origin: Reasoned['origin']; by: string | undefined }): void {
    entry.origin = origin;
    entry.reason = by === undefined ? undefined : cutTo(by, LONGEST_REASON);
    this.#model.known.add(entry);
  }

  #noteRelease(release: Release | undefined, entry: Entry, verdict: Verdict, by: string | undefined): void {
    if (release === undefined || (release.difference === undefined && release.number === 0)) return;
    if (verdict === 'explained' && by !== undefined) noteExplained(release, entry.key, cutTo(by, LONGEST_REASON));
    else if (verdict === 'deviation') noteUnexplained(release, entry.key);
  }

  #sayOf(entry: Entry, sighting: Sighting, verdict: Verdict, by?: string): BehaviourJudgement {
    const { key, behaviour, grave, dimension } = entry;
    const isSettled = this.#settled.isSettled(dimension);
    const said: BehaviourJudgement = {
      behaviour,
      key,
      verdict,
      surprise: 0,
      reasons: [],
      isSettled,
      isGrave: grave !== undefined,
    };
    if (verdict === 'known') return said;
    const { known, minutes, releases } = this.#model;
    const release = releases.numbered(sighting.release)?.index;
    const once = this.#settled.once(dimension);
    const around = {
      known,
      release,
      peers: this.#peers,
      minutes: minutes[dimension]!,
      once,
      incidences: entry.incidences,
    };
    const { bits, reasons } = surpriseOf(behaviour, around);
    said.surprise = bits;
    if (grave !== undefined) said.reasons.push(grave);
    if (by !== undefined) said.reasons.push(by);
    if (entry.incidents.length > 0) said.reasons.push('it belongs to an open incident');
    if (sighting.isSuspect) said.reasons.push('something grave was seen on the same replica lately');
    said.reasons.push(...reasons);
    return said;
  }
}

/** Files but for secrets: of all else guards are made, which stop what is not listed; and not what others follow from. */
const mayBeLetGo = (behaviour: Behaviour): boolean =>
  behaviour.dimension === 'open' && !isSecretFile(behaviour.object) && !isAskedFor(behaviour);

const withoutRoom = (said: BehaviourJudgement): BehaviourJudgement => ({
  ...said,
  reasons: [...said.reasons, 'there is no room left to keep what this workload does'],
});
