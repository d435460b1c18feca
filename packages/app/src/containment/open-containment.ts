import {
  type Contained,
  type Containment,
  type ContainmentOption,
  type Incident,
  UpstreamError,
  UserError,
} from '@breakwater/model';
import { type IncidentPorts, readIncident } from '../incidents/index.ts';
import { type Planned, planResponse, type RespondContext, requestResponse } from '../respond/index.ts';
import { actAndTell } from './act-and-tell.ts';
import { type PossibleResponse, responsesTo } from './responses-to.ts';
import { tellResponse } from './tell-response.ts';
import { whyAnother } from './why-another.ts';

/** What containment acts through. */
export interface ContainmentOptions {
  incidents: IncidentPorts;
  /**
   * Opens what responses are done with, of a cluster where `inCluster`: of this name, where somebody told which it is.
   * @throws {UserError} where there is none
   */
  open(inCluster: boolean, cluster: string | undefined): Promise<RespondContext & { close(): void }>;
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
      const planned = await Promise.all(responsesTo(incident).map((possible) => planOne(incident, possible, options)));
      return {
        options: planned.flatMap((one) => (one !== undefined && 'steps' in one ? [one] : [])),
        unavailable: joinReasons(planned.flatMap((one) => (one !== undefined && 'reason' in one ? [one] : []))),
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

/** Undefined for a process that ended: nothing of it is left to be done. */
async function planOne(
  incident: Incident,
  possible: PossibleResponse,
  { open, host }: ContainmentOptions,
): Promise<ContainmentOption | { id: string; reason: string } | undefined> {
  const { id, response, inCluster, cluster } = possible;
  const elsewhere = elsewhereReason(possible, host);
  if (elsewhere !== undefined) return { id, reason: elsewhere };
  try {
    const context = await open(inCluster, cluster);
    try {
      const { kind, plan, refusals, needsSecondPerson } = await planFor(incident, possible, context);
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
    if (error.code === 'process-gone') return undefined;
    return { id, reason: [error.message, error.hint].filter(Boolean).join(' ') };
  }
}

/** @throws {UserError} `target-changed` where what is there now came after the incident */
async function planFor(incident: Incident, possible: PossibleResponse, context: RespondContext): Promise<Planned> {
  const { ports, settings, journal } = context;
  const planned = await planResponse(possible, ports, settings, journal.entries());
  const another = whyAnother(possible, planned.plan, incident);
  if (another !== undefined) throw new UserError(another, { code: 'target-changed' });
  return planned;
}

async function act(
  incident: Incident,
  possible: PossibleResponse,
  reason: string,
  { open, who, incidents }: ContainmentOptions,
): Promise<Contained> {
  const { response, config, inCluster, cluster } = possible;
  const context = await open(inCluster, cluster);
  try {
    await planFor(incident, possible, context);
    const { journal } = context;
    const request = { response, config, who: who(), reason, incident: incident.id };
    const { entry, told } = await actAndTell(
      journal,
      () => requestResponse(request, context),
      (one) => tellResponse(incidents, one, journal.entries()),
    );
    const { id, said, step } = entry;
    return { response: id, step: step === 'done' ? 'done' : 'asked', said, incident: told ?? incident };
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
