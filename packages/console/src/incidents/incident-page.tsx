import type { Incident } from '@breakwater/model';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { fetchRoute, RequestError } from '../client/fetch-route.ts';
import { usePathId } from '../client/scope.ts';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { EmptyState, ErrorState, PageSkeleton } from '../states/states.tsx';
import { CloseDialog } from './close-dialog.tsx';
import { ContainDialog } from './contain-dialog.tsx';
import { ExpectDialog } from './expect-dialog.tsx';
import { FactList } from './fact-list.tsx';
import { IncidentSummary } from './incident-summary.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import styles from './incidents.module.css';
import { ProcessPanel } from './process-panel.tsx';
import { StatusMark } from './status-mark.tsx';

/** Milliseconds between two looks: an incident goes on while one reads. */
const REFRESH = 5000;

/** An incident as it is read at night: what, where, why it matters here, how to end it, how sure, what was not checked. */
export default function IncidentPage() {
  const id = usePathId('/incidents/');
  const { data, error, refetch } = useQuery({
    queryKey: ['/api/incidents/{id}', { segments: { id } }],
    queryFn: ({ signal }) => fetchRoute('/api/incidents/{id}', { segments: { id } }, signal),
    refetchInterval: REFRESH,
  });
  if (error instanceof RequestError && error.status === 404) return <Gone id={id} />;
  if (error !== null && data === undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      <title>{`${data?.title ?? 'Incident'} · Breakwater`}</title>
      {data === undefined ? <PageSkeleton rows={4} /> : <Story incident={data} />}
    </>
  );
}

function Gone({ id }: { id: string }) {
  return (
    <>
      <title>Not found · Breakwater</title>
      <EmptyState title="There is no such incident" action={<Link href="/incidents">See all incidents</Link>}>
        <code>{id}</code> is not known here.
      </EmptyState>
    </>
  );
}

/** The gravest first. */
const ORDER: readonly Incident['severity'][] = ['critical', 'high', 'medium', 'low', 'unknown'];

/** `raised from high by what is built and deployed`. */
function changeWords({ severity, initialSeverity }: Incident): string {
  const isRaised = ORDER.indexOf(severity) < ORDER.indexOf(initialSeverity);
  return `${isRaised ? 'raised' : 'lowered'} from ${initialSeverity} by what is known of build and deploy`;
}

function Story({ incident }: { incident: Incident }) {
  const [asked, setAsked] = useState<'contain' | 'expect' | 'close'>();
  const close = () => setAsked(undefined);
  const isOver = incident.status === 'closed' || incident.status === 'expected';
  return (
    <div className={styles.page}>
      <div>
        <nav aria-label="Breadcrumb">
          <ol className="crumbs">
            <li>
              <Link href="/incidents">Incidents</Link>
            </li>
          </ol>
        </nav>
        <div className={styles.head}>
          <h1>{incident.title}</h1>
          <div className={styles.acts}>
            {!isOver && (
              <Button size="xs" className={styles.act} onClick={() => setAsked('contain')}>
                Contain
              </Button>
            )}
            {incident.status !== 'closed' && (
              <>
                <Button variant="default" size="xs" onClick={() => setAsked('expect')}>
                  This is expected because...
                </Button>
                <Button variant="default" size="xs" onClick={() => setAsked('close')}>
                  Close
                </Button>
              </>
            )}
          </div>
        </div>
        <p className={styles.marks}>
          <SeverityMark grade={incident.severity} />
          <StatusMark status={incident.status} />
          {incident.severity !== incident.initialSeverity && <span className="soft">{changeWords(incident)}</span>}
        </p>
      </div>
      <IncidentSummary incident={incident} />
      <div className={styles.pair}>
        <IncidentTimeline incident={incident} />
        <div className="stack">
          <FactList facts={incident.facts} />
          <ProcessPanel processes={incident.processes} />
        </div>
      </div>
      {asked === 'contain' && <ContainDialog id={incident.id} close={close} />}
      {asked === 'expect' && <ExpectDialog incident={incident} close={close} />}
      {asked === 'close' && <CloseDialog id={incident.id} close={close} />}
    </div>
  );
}
