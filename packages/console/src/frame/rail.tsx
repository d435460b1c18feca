import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope } from '../client/addresses.ts';
import { fetchRoute } from '../client/fetch-route.ts';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { count, plural } from '../words/numbers.ts';
import { age } from '../words/times.ts';
import styles from './frame.module.css';
import { InboxIcon, IncidentsIcon, InventoryIcon, MapIcon, PoliciesIcon, SettingsIcon } from './icons.tsx';
import { Logo } from './logo.tsx';

/** Milliseconds between two looks at what is open. */
const REFRESH = 10_000;

interface PlaceLink {
  name: string;
  address: string;
  icon: ReactNode;
  /** First segments of the pages that belong to it. */
  holds: readonly string[];
  /** Whether it shows how many incidents are open. */
  counts?: boolean;
}

const PLACES: readonly PlaceLink[] = [
  { name: 'Inbox', address: '/', icon: <InboxIcon />, holds: ['', 'questions', 'fixes', 'findings'] },
  { name: 'Incidents', address: '/incidents', icon: <IncidentsIcon />, holds: ['incidents'], counts: true },
  {
    name: 'Inventory',
    address: '/inventory',
    icon: <InventoryIcon />,
    holds: ['inventory', 'workloads', 'images', 'behaviour', 'releases'],
  },
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
        {PLACES.map(({ name, address, icon, holds, counts = false }) => (
          <li key={name}>
            <Link href={`${address}${scope}`} aria-current={holds.includes(segment) ? 'page' : undefined}>
              {icon}
              {name}
              {counts && <OpenIncidents />}
            </Link>
          </li>
        ))}
      </ul>
      <Freshness />
    </nav>
  );
}

/** How many incidents are open; nothing where none is. */
function OpenIncidents() {
  const { data } = useQuery({
    queryKey: ['/api/incidents', 'open'],
    queryFn: ({ signal }) => fetchRoute('/api/incidents', { query: { status: 'open', limit: 1 } }, signal),
    refetchInterval: REFRESH,
  });
  const open = data?.open ?? 0;
  if (open === 0) return null;
  return (
    <span className={styles.count}>
      {count(open)}
      <span className="heard"> open</span>
    </span>
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
