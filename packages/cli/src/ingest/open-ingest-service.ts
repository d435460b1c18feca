import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Ingest, type IngestReceipt, openIngest } from '@breakwater/app/ingest';
import { type Learner, openLearner } from '@breakwater/app/profiles';
import { type CertificateSource, givenCertificates, keepInFolder, ownCertificates } from '@breakwater/server/admission';
import { type EventsAnswer, type EventsRequest, listenForEvents, openEventsDesk } from '@breakwater/server/ingest';
import { plain } from '../terminal/style.ts';
import { openEstateStore } from '../up/open-estate-store.ts';
import type { IngestSettings } from './ingest-options.ts';
import { type IncidentService, openIncidentService } from './open-incident-service.ts';

/** Takes events of whoever has a key, on its own connection to the store. */
export interface IngestService {
  /** Where it listens for others; undefined where it does not. */
  address: string | undefined;
  answer(request: EventsRequest): Promise<EventsAnswer>;
  /** Takes events of somebody who is signed in. */
  takeOwn(text: string, sender: string): Promise<IngestReceipt>;
  /** Answers what has begun, and ends. */
  close(): Promise<void>;
}

const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/;
/** Milliseconds between two lines of the same trouble: a store that is away is told once a minute. */
const SILENCE = 60_000;

/** Folder of the certificates that it serves with. */
export const ingestCertificates = (state: string): string => join(state, 'ingest', 'tls');

/** Opens the store and, where settings say so, a port. Throws where either cannot be had. */
export async function openIngestService(settings: IngestSettings): Promise<IngestService> {
  const report = (line: string): void => void process.stderr.write(`${plain(line)}\n`);
  const store = await openEstateStore(settings.state);
  let incidents: IncidentService | undefined;
  let ingest: Ingest | undefined;
  let learner: Learner | undefined;
  try {
    incidents = await openIncidentService(store, settings, report);
    const told = incidents;
    const learns = openLearner({ store: store.behaviour, now: Date.now, report, onDeviations: told.deviated });
    learner = learns;
    ingest = openIngest(store.ingest, Date.now, report, told.judge, learns.knows);
    const events = openEventsDesk({
      ingest,
      keys: store.ingest,
      perSecond: settings.perSecond,
      now: Date.now,
      report: oncePerMinute((error) =>
        report(
          `Events could not be stored, and will be sent again: ${error instanceof Error ? error.message : String(error)}`,
        ),
      ),
    });
    const desk = {
      ...events,
      async answer(request: EventsRequest): Promise<EventsAnswer> {
        const answer = await events.answer(request);
        learns.nudge();
        return answer;
      },
    };
    const certificates = settings.listen && certificatesOf(settings, settings.listen.host, report);
    const listener = settings.listen && (await listenForEvents({ desk, ...settings.listen, certificates, report }));
    const scheme = certificates === undefined ? 'http' : 'https';
    const taken = ingest;
    return {
      address: listener && `${scheme}://${bracketed(settings.listen?.host ?? '')}:${listener.port}`,
      answer: desk.answer,
      takeOwn: (text, sender) => taken.take({ key: '', sender, sensor: '', text }),
      async close() {
        await listener?.close();
        await taken.close();
        await learns.close();
        await told.close();
        await store.close();
      },
    };
  } catch (error) {
    await ingest?.close();
    await learner?.close();
    await incidents?.close();
    await store.close();
    throw error;
  }
}

/** Others reach it with TLS only: what they prove themselves with is not to be read on the way. */
function certificatesOf(
  { state, names, certificate }: IngestSettings,
  host: string,
  report: (line: string) => void,
): CertificateSource | undefined {
  if (certificate !== undefined) return givenCertificates(certificate.path, certificate.keyPath);
  if (LOOPBACK.test(host)) return undefined;
  const own = names.length > 0 ? names : [hostname(), 'localhost', '127.0.0.1'];
  return ownCertificates(keepInFolder(ingestCertificates(state)), own, report);
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function oncePerMinute(tell: (error: unknown) => void): (error: unknown) => void {
  let last = 0;
  return (error) => {
    if (Date.now() - last < SILENCE) return;
    last = Date.now();
    tell(error);
  };
}
