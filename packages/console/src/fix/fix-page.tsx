import { usePathId } from '../client/scope.ts';
import NotFoundPage from '../states/not-found-page.tsx';
import styles from './fix.module.css';
import FixView from './fix-view.tsx';

/** A fix under its own address. */
export default function FixPage() {
  const n = Number(usePathId('/fixes/'));
  if (!Number.isInteger(n) || n < 1) return <NotFoundPage />;
  return (
    <div className={styles.page}>
      <title>{`Fix ${n} · Breakwater`}</title>
      <FixView n={n} isPage />
    </div>
  );
}
