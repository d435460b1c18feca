import type { AdmissionOutlook, AdmissionView } from '@breakwater/model';
import { useQuery } from '@tanstack/react-query';
import { fetchRoute, RequestError } from '../client/fetch-route.ts';
import { useRoute } from '../client/queries.ts';
import { SubPlaces } from '../frame/sub-places.tsx';
import { ErrorState, PageSkeleton } from '../states/states.tsx';
import { plural } from '../words/numbers.ts';
import styles from './admission.module.css';
import { AdmissionState } from './admission-state.tsx';
import { DecisionList } from './decision-list.tsx';
import { ExceptionTable } from './exception-table.tsx';
import { LadderTable } from './ladder-table.tsx';
import { TeamTable } from './team-table.tsx';

/** Milliseconds between two looks: a refusal is told within seconds. */
const REFRESH = 5000;

/** What admission decided lately and answers from, and what it would refuse of what is there today. */
export default function AdmissionPage() {
  const view = useQuery<AdmissionView>({
    queryKey: ['/api/admission', {}],
    queryFn: ({ signal }) => fetchRoute('/api/admission', {}, signal),
    refetchInterval: REFRESH,
  });
  const outlook = useRoute('/api/admission/outlook');
  const isUnread = outlook.error instanceof RequestError && outlook.error.status === 404;
  return (
    <div className={styles.page}>
      <title>Admission · Breakwater</title>
      {view.error !== null && <ErrorState error={view.error} retry={() => void view.refetch()} />}
      {view.data === undefined && view.error === null && <PageSkeleton />}
      {view.data !== undefined && (
        <>
          <div>
            <h1>{headline(view.data, outlook.data)}</h1>
            <p className="soft">
              What an API server asks before it admits, what was answered, and what would be refused today.
            </p>
          </div>
          <SubPlaces of="Policies" current="/policies/admission" />
          <AdmissionState view={view.data} outlook={outlook.data} />
          <DecisionList decisions={view.data.decisions} />
          {outlook.error !== null && !isUnread && (
            <ErrorState error={outlook.error} retry={() => void outlook.refetch()} inside />
          )}
          {isUnread && <p className="soft">What would be refused is told once an estate was read.</p>}
          {outlook.data !== undefined && <Outlook outlook={outlook.data} />}
        </>
      )}
    </div>
  );
}

function Outlook({ outlook }: { outlook: AdmissionOutlook }) {
  return (
    <>
      <TeamTable teams={outlook.teams} />
      <LadderTable policies={outlook.policies} />
      <ExceptionTable exceptions={outlook.exceptions} />
    </>
  );
}

/** What was refused lately, else what would be today. */
function headline({ decisions }: AdmissionView, outlook: AdmissionOutlook | undefined): string {
  const denied = decisions.filter(({ outcome }) => outcome === 'denied').length;
  if (denied > 0) return `Admission refused ${plural(denied, 'request')} lately`;
  if (decisions.length > 0) return `Admission refused nothing lately`;
  const refused = outlook?.teams.reduce((sum, team) => sum + team.refused, 0) ?? 0;
  if (refused > 0) return `Admission would refuse ${plural(refused, 'object')} today`;
  return 'Admission has decided nothing yet';
}
