import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePathname, useSearch } from 'wouter/use-browser-location';
import { DRAWER_NAMES } from '../client/addresses.ts';
import { LiveProgress, useLiveProgress } from '../client/live-progress.ts';
import { PageGuard } from '../states/page-guard.tsx';
import styles from './frame.module.css';
import { Later, LaterPart } from './later.tsx';
import { ProgressLine } from './progress-line.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { useKeys } from './use-keys.ts';

const detailDrawer = new LaterPart(() => import('./detail-drawer.tsx'));
const searchDialog = new LaterPart(() => import('./search-dialog.tsx'));
const helpDialog = new LaterPart(() => import('./help-dialog.tsx'));

/** Rail, top bar, the page in one column, and what floats over it. */
export function Frame({ children }: { children: ReactNode }) {
  const [floating, setFloating] = useState<'search' | 'help'>();
  const close = { onClose: () => setFloating(undefined) };
  const { progress, lost } = useLiveProgress();
  const pathname = usePathname();
  const drawer = useStickyDrawer();
  useFocusOnNavigation(pathname);
  useKeys({
    '/': () => setFloating('search'),
    'command-k': () => setFloating('search'),
    '?': () => setFloating('help'),
  });
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <Rail />
      <div>
        <header className={styles.top}>
          <TopBar onSearch={() => setFloating('search')} onHelp={() => setFloating('help')} />
          <ProgressLine progress={progress} lost={lost} />
        </header>
        <main id="content" className={styles.page} tabIndex={-1}>
          <LiveProgress value={progress}>
            <PageGuard key={pathname}>{children}</PageGuard>
          </LiveProgress>
        </main>
      </div>
      {drawer && <Later part={detailDrawer} props={{}} />}
      {floating === 'search' && <Later part={searchDialog} props={close} />}
      {floating === 'help' && <Later part={helpDialog} props={close} />}
    </div>
  );
}

/** Whether the drawer was ever asked for: it stays mounted after, so that it can close with its motion and give the focus back. */
function useStickyDrawer(): boolean {
  const search = new URLSearchParams(useSearch());
  const wanted = DRAWER_NAMES.some((name) => search.has(name));
  const [mounted, setMounted] = useState(wanted);
  if (wanted && !mounted) setMounted(true);
  return mounted;
}

/** Another page begins at its top, with the focus on its content, as after a page load. */
function useFocusOnNavigation(pathname: string): void {
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    window.scrollTo(0, 0);
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [pathname]);
}
