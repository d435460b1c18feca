import styles from './states.module.css';

const STEPS = [
  {
    title: 'Look at the example estate',
    detail: 'Small, made by us, and complete. It needs no network and no account.',
    command: 'npm run up',
  },
  {
    title: 'Read your own',
    detail: 'Folders of manifests, image archives, SBOMs and recorded runtime events, in any order.',
    command: 'npm run up -- ./k8s ./images/shop.tar',
  },
  {
    title: 'Import advisories',
    detail: 'From the public feeds, or from a folder that you carried over. Without them nothing is called clean.',
    command: 'npx breakwater db import',
  },
];

/** Nothing has been read yet: three steps, the first of which works offline. */
export function FirstRun() {
  return (
    <div className={styles.state}>
      <h1 tabIndex={-1}>Nothing has been read yet</h1>
      <p>Three steps to a ranked estate. The first works offline.</p>
      <ol className={styles.steps}>
        {STEPS.map(({ title, detail, command }, index) => (
          <li key={title}>
            <span className={styles.n}>{index + 1}</span>
            <h2 className={styles.title}>{title}</h2>
            <p>{detail}</p>
            <pre className={styles.command}>{command}</pre>
          </li>
        ))}
      </ol>
    </div>
  );
}
