import { Link } from 'wouter';
import { EmptyState } from './states.tsx';

/** An address that leads nowhere. */
export default function NotFoundPage() {
  return (
    <>
      <title>Not found · Breakwater</title>
      <EmptyState title="There is no page here" action={<Link href="/">Go to the Inbox</Link>}>
        The address may be cut short, or what it named is gone.
      </EmptyState>
    </>
  );
}
