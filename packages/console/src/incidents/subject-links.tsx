import { isSubjectOf, workloadOfSubject } from '@breakwater/model';
import { Link } from 'wouter';
import { shortName } from '../behaviour/short-name.ts';
import { profileAddress, workloadAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';

/** A workload of an incident, with what else is known of it: its page, its image, and how it behaves. */
export function SubjectLinks({ subject, container }: { subject: string; container: string | undefined }) {
  const named = workloadOfSubject(subject);
  const short = shortName(subject);
  const query = { namespace: named?.namespace, search: named?.name, limit: 50 };
  const { data } = useRoute('/api/workloads', { query }, named !== undefined);
  // Of several clusters nobody knows which is meant.
  const found = data?.items.filter((one) => isSubjectOf(subject, one)) ?? [];
  const workload = found.length === 1 ? found[0] : undefined;
  const behaviour = profileAddress(subject, container);
  if (workload === undefined) return <Link href={behaviour}>{short}</Link>;
  return (
    <>
      <Link href={workloadAddress(workload.id)}>{short}</Link> (
      <Link href={behaviour} aria-label={`Behaviour of ${short}`}>
        behaviour
      </Link>
      ,{' '}
      <Link href={`${workloadAddress(workload.id)}?tab=image`} aria-label={`Image of ${short}`}>
        image
      </Link>
      )
    </>
  );
}
