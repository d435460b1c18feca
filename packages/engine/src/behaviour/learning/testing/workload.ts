import {
  type AlertBudget,
  type Behaviour,
  type BehaviourJudgement,
  ReleaseFacts,
  type ReleaseFile,
} from '@breakwater/model';
import { behaviourKey } from '../../behaviour-key.ts';
import { BehaviourModel } from '../behaviour-model.ts';

/** A minute on a Sunday, 2026. */
const BEGIN = Date.parse('2026-11-22T00:00:00Z') / 60_000;
export const QUARTER: AlertBudget = { alerts: 1, hours: 6 };

/** Behaviours as short texts: `exec /a /b`, `open /a read /etc/x`, `connect /a db:1/TCP`; `parent>actor` names the parent. */
export function behaviourOf(text: string): { key: string; behaviour: Behaviour } {
  const [dimension, who = '', ...rest] = text.split(' ');
  const [parent, actor] = who.includes('>') ? (who.split('>') as [string, string]) : ['', who];
  const behaviour: Behaviour = { dimension: dimension as 'exec', actor, parent, object: rest.join(' ') };
  if (dimension === 'open') [behaviour.access, behaviour.object] = [rest[0] as 'read', rest.slice(1).join(' ')];
  if (dimension === 'exec') {
    behaviour.inImage = rest[1] !== 'foreign';
    behaviour.object = rest[0] ?? '';
  }
  return { key: behaviourKey(behaviour), behaviour };
}

export const timeAt = (minute: number): string => new Date((BEGIN + minute) * 60_000).toISOString();

/** A model, and what replicas do, by minutes. */
export class Workload {
  model: BehaviourModel;

  constructor(budget: AlertBudget = QUARTER) {
    this.model = new BehaviourModel({ subject: 'shop/Deployment/web', container: 'web', budget });
  }

  does(minute: number, replica: string, texts: readonly string[], release?: string): BehaviourJudgement[] {
    return this.model.take({ behaviours: texts.map(behaviourOf), replica, time: timeAt(minute), release });
  }

  verdict(minute: number, replica: string, text: string, release?: string): string {
    return this.does(minute, replica, [text], release)[0]!.verdict;
  }

  /** A replica starts, and does the same each minute. */
  runs(replica: string, from: number, until: number, texts: readonly string[], release?: string): void {
    this.does(from, replica, ['exec  /app', ...texts], release);
    for (let minute = from; minute < until; minute++) {
      this.model.watched(replica, timeAt(minute), { release });
      this.does(minute, replica, texts, release);
    }
  }

  isSettled(dimension: Behaviour['dimension']): boolean {
    return this.model.settled().find((state) => state.dimension === dimension)!.isSettled;
  }

  /** Through what a store would keep. */
  restored(): Workload {
    const other = new Workload();
    other.model = BehaviourModel.restore(JSON.parse(JSON.stringify(this.model.state())));
    return other;
  }
}

/** What an application does that serves requests. */
export const SERVES = [
  'exec /app /usr/bin/worker',
  'open /app read /etc/app.conf',
  'open /app write /var/log/app/*',
  'connect /app db.shop.svc.cluster.local:5432/TCP',
  'listen /app 8080/TCP',
  'privilege /app uid 101',
];

/** Two replicas that served for long enough to be settled at one alert in six hours. */
export function settledWorkload(): Workload {
  const workload = new Workload();
  workload.runs('a', 0, 700, SERVES);
  workload.runs('b', 0, 700, SERVES);
  return workload;
}

export function facts(
  id: string,
  given: Partial<ReleaseFacts> & { paths?: Record<string, string> } = {},
): ReleaseFacts {
  const { paths = {}, ...more } = given;
  const files = Object.entries(paths).map(([path, told]): ReleaseFile => {
    const [digest = '', component] = told.split(' ');
    const kind = /\.so/.test(path) ? 'library' : 'executable';
    return { path, digest: `sha256:${digest}`, kind, ...(component !== undefined && { component }) };
  });
  return ReleaseFacts.parse({
    id,
    filesKnown: files.length > 0,
    files,
    ...more,
  });
}
