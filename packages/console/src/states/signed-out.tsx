import { Logo } from '../frame/logo.tsx';
import styles from './states.module.css';

/** No session: the way in is the link that the terminal printed. */
export function SignedOut() {
  return (
    <main className={styles.alone}>
      <title>Sign in · Breakwater</title>
      <div className={styles.state}>
        <Logo />
        <h1>You are signed out</h1>
        <p>
          Open the sign-in link that the terminal printed when Breakwater started. Each link works once; a new one comes
          with
        </p>
        <pre className={styles.command}>npx breakwater up</pre>
      </div>
    </main>
  );
}
