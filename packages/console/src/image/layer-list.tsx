import type { ImageStory } from '@breakwater/model';
import { bytes } from '../words/numbers.ts';
import { withKeys } from '../words/with-keys.ts';
import styles from './image.module.css';

/** A Dockerfile step without the shell that the builder puts before it. */
export function stepWords(createdBy: string): string {
  return createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^(?:RUN )?\/bin\/sh -c /, 'RUN ')
    .replace(/\s*# buildkit$/, '')
    .trim();
}

/** Layers from the base up, each with the step that made it. */
export function LayerList({ image }: { image: ImageStory['image'] }) {
  return (
    <section className="panel" aria-labelledby="layers">
      <header>
        <h2 id="layers">Layers</h2>
        <span>from the base up</span>
      </header>
      {image.layers.length === 0 && <p className="inside soft">What was read has no layers.</p>}
      <ol>
        {withKeys(image.layers, ({ diffId }) => diffId).map(({ key, item: layer }, index) => (
          <li key={key} className={styles.layer}>
            <span className="soft">{index + 1}</span>
            <div>
              <code>{layer.createdBy === undefined ? 'step not recorded' : stepWords(layer.createdBy)}</code>
              <p className="soft mono">{layer.diffId.slice(0, 19)}…</p>
            </div>
            <span className={styles.size}>{bytes(layer.size)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
