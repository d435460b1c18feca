import { useRoute } from '../client/queries.ts';
import { ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { QuietList } from './quiet-list.tsx';

/** Why most known vulnerabilities do not matter here, by number. */
export default function QuietView() {
  const { data, error, refetch } = useRoute('/api/summary');
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (data === undefined) return <LinesSkeleton />;
  const { total, matter, quiet } = data.vulnerabilities;
  return (
    <div className="stack">
      <p>
        {count(total)} known vulnerabilities were found in what runs here. <b>{count(matter)} matter</b>: an attacker
        can come to them, and they can be used. The other {count(total - matter)} stay recorded, each with its reason,
        and come back by themselves when a fact changes.
      </p>
      <QuietList quiet={quiet} />
    </div>
  );
}
