import {
  type Contained,
  type Containment,
  type ContainmentOption,
  type Incident,
  UpstreamError,
  UserError,
} from '@breakwater/model';
import { containIncident, type IncidentPorts, readIncident } from '../incidents/index.ts';
import { planResponse, type RespondContext, requestResponse } from '../respond/index.ts';
import { type PossibleResponse, responsesTo } from './responses-to.ts';

/** What containment acts through. */
export interface ContainmentOptions {
  incidents: IncidentPorts;
  /** Opens what responses are done with, of a cluster where `inCluster`. @throws {UserError} where there is none */
  open(inCluster: boolean): Promise<RespondContext & { close(): void }>;
  /** Name of this host: what runs on another is not touched from here. */
  host: string;
  /** Who asks, as the system says. */
  who(): string;
}

/** What can be done about incidents: looked at first, and done only when it is asked for by its name. */
export interface OpenContainment {
  plan(id: string): Promise<Containment>;
  contain(id: string, asked: { option: string; reason: string }): Promise<Contained>;
}

/** Opens containment over the responses that there are, with their protections, limits, second person and journal. */
export function openContainment(options: ContainmentOptions): OpenContainment {
  return {
    async plan(id) {
      const incident = await readIncident(options.incidents.incidents, id);
      const planned = await Promise.all(responsesTo(incident).map((possible) => planOne(possible, options)));
      return {
        options: planned.flatMap((one) => ('steps' in one ? [one] : [])),
        unavailable: joinReasons(planned.flatMap((one) => ('reason' in one ? [one] : []))),
      };
    },
    async contain(id, { option, reason }) {
      const incident = await readIncident(options.incidents.incidents, id);
      const possible = responsesTo(incident).find((one) => one.id === option);
      if (possible === undefined) throw notOfIncident(option);
      const elsewhere = elsewhereReason(possible, options.host);
      if (elsewhere !== undefined) throw new UserError(elsewhere, { code: 'other-host' });
      return await act(incident, possible, reason, options);
    },
  };
}

async function planOne(
  possible: PossibleResponse,
  { open, host }: ContainmentOptions,
): Promise<ContainmentOption | { id: string; reason: string }> {
  const { id, response, config, inCluster } = possible;
  const elsewhere = elsewhereReason(possible, host);
  if (elsewhere !== undefined) return { id, reason: elsewhere };
  try {
    const context = await open(inCluster);
    try {
      const { ports, settings, journal } = context;
      const { kind, plan, refusals, needsSecondPerson } = await planResponse(
        { response, config },
        ports,
        settings,
        journal.entries(),
      );
      const { steps, effects, reversible, target } = plan;
      const name = [target.namespace, target.name].filter(Boolean).join('/');
      return {
        ...{ id, response, summary: kind.summary, target: `${target.kind} ${name}` },
        ...{ steps, effects, reversible, refusals, needsSecondPerson },
      };
    } finally {
      context.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof UpstreamError)) throw error;
    return { id, reason: [error.message, error.hint].filter(Boolean).join(' ') };
  }
}

async function act(
  incident: Incident,
  { response, config, inCluster }: PossibleResponse,
  reason: string,
  { open, who, incidents }: ContainmentOptions,
): Promise<Contained> {
  const by = who();
  const context = await open(inCluster);
  try {
    const entry = await requestResponse(
      { response, config, who: by, reason: `${reason} (incident ${incident.id})` },
      context,
    );
    const { id, said } = entry;
    if (entry.step !== 'done') return { response: id, step: 'asked', said, incident };
    const sentence = `${said.join(' ')} Because: ${reason}`;
    return {
      response: id,
      step: 'done',
      said,
      incident: await containIncident(incidents, incident.id, { by, sentence }),
    };
  } finally {
    context.close();
  }
}

/** What runs on another node is not reached from here: a container of the same name may be another one. */
function elsewhereReason({ id, inCluster, node }: PossibleResponse, host: string): string | undefined {
  if (inCluster || node === host) return undefined;
  return node === undefined
    ? `Nobody told on which host it runs. There: \`breakwater respond ${id}\``
    : `It runs on ${node}. There: \`breakwater respond ${id}\``;
}

function joinReasons(all: readonly { id: string; reason: string }[]): { id: string; reason: string }[] {
  const groups = Map.groupBy(all, ({ reason }) => reason);
  return [...groups].map(([reason, some]) => ({ id: some.map(({ id }) => id).join(', '), reason }));
}

const notOfIncident = (option: string): UserError =>
  new UserError(`${option.slice(0, 200)} is none of the things that can be done about this incident.`, {
    code: 'option-unknown',
    hint: 'Look at what can be done again: it may have ended meanwhile.',
  });
