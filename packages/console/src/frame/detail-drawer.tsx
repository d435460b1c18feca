import { Drawer } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { DRAWER_NAMES, findingAddress, fixAddress } from '../client/addresses.ts';
import { setQuery, useQueryValue } from '../client/scope.ts';
import FindingView from '../finding/finding-view.tsx';
import FixView from '../fix/fix-view.tsx';
import QuietView from '../inbox/quiet-view.tsx';
import UnknownView from '../inbox/unknown-view.tsx';
import { BoxView } from '../map/box-view.tsx';
import { LinkView } from '../map/link-view.tsx';
import PolicyView from '../policies/policy-view.tsx';
import QuestionView from '../questions/question-view.tsx';
import '../styles/dialogs.css';
import styles from './dialogs.module.css';
import { useMotion } from './use-motion.ts';

interface Content {
  title: string;
  body: ReactNode;
  page?: string;
}

/** The right drawer. What it shows stands in the address (`?finding=`, `?fix=`, `?policy=`, `?question=`, `?box=`, `?link=`, `?show=`), so it can be sent. */
export default function DetailDrawer() {
  const finding = useQueryValue('finding');
  const fix = Number(useQueryValue('fix'));
  const policy = useQueryValue('policy');
  const question = Number(useQueryValue('question'));
  const box = useQueryValue('box');
  const link = useQueryValue('link');
  const show = useQueryValue('show');
  const content = chooseContent({ finding, fix, policy, question, box, link, show });
  // The drawer opens after it was there closed: only then does it remember where the focus was.
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const close = () => setQuery(Object.fromEntries(DRAWER_NAMES.map((name) => [name, undefined])), { replace: true });
  return (
    <Drawer.Root
      opened={isReady && content !== undefined}
      onClose={close}
      position="right"
      size={640}
      lockScroll={false}
      transitionProps={useMotion()}
    >
      <Drawer.Overlay backgroundOpacity={0.28} />
      <Drawer.Content>
        <div className={styles.head}>
          <Drawer.Title className={styles.drawerTitle}>{content?.title}</Drawer.Title>
          {content?.page !== undefined && <Link href={content.page}>Open as a page</Link>}
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{content?.body}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

interface Wanted {
  finding: string;
  fix: number;
  policy: string;
  question: number;
  box: string;
  link: string;
  show: string;
}

function chooseContent({ finding, fix, policy, question, box, link, show }: Wanted): Content | undefined {
  if (finding !== '') {
    return { title: 'Finding', body: <FindingView findingKey={finding} />, page: findingAddress(finding) };
  }
  if (Number.isInteger(fix) && fix > 0)
    return { title: `Fix ${fix}`, body: <FixView n={fix} />, page: fixAddress(fix) };
  if (policy !== '') return { title: 'Policy', body: <PolicyView name={policy} /> };
  if (Number.isInteger(question) && question > 0)
    return { title: `Question ${question}`, body: <QuestionView n={question} /> };
  if (box !== '') return { title: 'On the map', body: <BoxView id={box} /> };
  if (link !== '') return { title: 'A way on the map', body: <LinkView id={link} /> };
  if (show === 'quiet') return { title: 'Why the rest do not matter here', body: <QuietView /> };
  if (show === 'unknown') return { title: 'Could not be decided', body: <UnknownView /> };
  return undefined;
}
