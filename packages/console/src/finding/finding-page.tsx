import { usePathId } from '../client/scope.ts';
import styles from './finding.module.css';
import FindingView from './finding-view.tsx';

/** A finding under its own address. */
export default function FindingPage() {
  const key = usePathId('/findings/');
  return (
    <div className={styles.page}>
      <title>Finding · Breakwater</title>
      <FindingView findingKey={key} isPage />
    </div>
  );
}
