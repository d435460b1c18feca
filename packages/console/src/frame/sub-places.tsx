import { Link } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope } from '../client/addresses.ts';
import styles from './sub-places.module.css';

/** The pages that make up one place of the rail. */
const PARTS = {
  Inbox: [
    { words: 'Riskiest', address: '/' },
    { words: 'Questions', address: '/questions' },
  ],
  Policies: [
    { words: 'Policies', address: '/policies' },
    { words: 'Admission', address: '/policies/admission' },
  ],
} as const;

/** Leads to the other pages of a place; the scope goes along. */
export function SubPlaces({ of, current }: { of: keyof typeof PARTS; current: string }) {
  const scope = keepScope(useSearch());
  return (
    <nav aria-label={of}>
      <ul className={styles.parts}>
        {PARTS[of].map(({ words, address }) => (
          <li key={address}>
            <Link href={`${address}${scope}`} aria-current={address === current ? 'page' : undefined}>
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
