import type { Summary } from '@breakwater/model';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { Notice } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { age, isStale } from '../words/times.ts';

/** What limits the ranking below: advisories missing or old, images not read. Silent when nothing does. */
export function Notices({ summary }: { summary: Summary }) {
  const drawer = useDrawerAddress();
  const { advisories, unreadImages = 0, images } = summary;
  const importedAt = advisories?.importedAt;
  const now = Date.now();
  return (
    <>
      {advisories !== undefined && !advisories.imported && (
        <Notice>
          <b>No advisories are imported</b>, so no image is called clean. Import them with{' '}
          <code>npx breakwater db import</code>
        </Notice>
      )}
      {advisories?.imported && importedAt !== undefined && isStale(importedAt, now) && (
        <Notice>
          <b>Advisories from {age(importedAt, now)} ago.</b> Newer vulnerabilities are not in this ranking. Refresh with{' '}
          <code>npx breakwater db update</code>
        </Notice>
      )}
      {unreadImages > 0 && (
        <Notice>
          <b>
            {count(unreadImages)} of {plural(images + unreadImages, 'image')} could not be read.
          </b>{' '}
          Their workloads carry a range. <Link href={drawer('show', 'unknown')}>See which</Link>
        </Notice>
      )}
    </>
  );
}
