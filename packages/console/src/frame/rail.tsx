import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { count, plural } from '../words/numbers.ts';
import { age } from '../words/times.ts';
import styles from './frame.module.css';
import { InboxIcon, InventoryIcon, MapIcon, PoliciesIcon, SettingsIcon } from './icons.tsx';
import { Logo } from './logo.tsx';

interface PlaceLink {
  name: string;
  address: string;
  icon: ReactNode;
  /** First segments of the pages that belong to it. */
  holds: readonly string[];
}

const PLACES: readonly PlaceLink[] = [
  { name: 'Inbox', address: '/', icon: <InboxIcon />, holds: ['', 'questions', 'fixes', 'findings'] },
  { name: 'Inventory', address: '/inventory', icon: <InventoryIcon />, holds: ['inventory', 'workloads', 'images'] },
  { name: 'Map', address: '/map', icon: <MapIcon />, holds: ['map'] },
  { name: 'Policies', address: '/policies', icon: <PoliciesIcon />, holds: ['policies', 'admission'] },
  { name: 'Settings', address: '/settings', icon: <SettingsIcon />, holds: ['settings'] },
];

/** The places of the console, and how fresh and complete its facts are. */
export function Rail() {
  const [pathname] = useLocation();
  const scope = keepScope(useSearch());
  const segment = pathname.split('/')[1] ?? '';
  return (
    <nav className={styles.rail} aria-label="Places">
      <Link href={`/${scope}`} className={styles.home}>
        <Logo />
      </Link>
      <ul className={styles.places}>
        {PLACES.map(({ name, address, icon, holds }) => (
          <li key={name}>
            <Link href={`${address}${scope}`} aria-current={holds.includes(segment) ? 'page' : undefined}>
              {icon}
              {name}
            </Link>
          </li>
        ))}
      </ul>
      <Freshness />
    </nav>
  );
}

function Freshness() {
  const status = useRoute('/api/status');
  const summary = useRoute('/api/summary');
  const drawer = useDrawerAddress();
  if (status.data === undefined) return null;
  const { advisories } = status.data;
  const read = advisories.importedAt;
  const unread = summary.data?.unreadImages ?? 0;
  return (
    <div className={styles.foot}>
      <Link href="/settings">
        {advisories.imported && read !== undefined
          ? `Advisories ${age(read, Date.now())} old`
          : 'No advisories imported'}
      </Link>
      {summary.data !== undefined && unread > 0 && (
        <Link href={drawer('show', 'unknown')}>
          {count(unread)} of {plural(summary.data.images + unread, 'image')} not read
        </Link>
      )}
    </div>
  );
}
