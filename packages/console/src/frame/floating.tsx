import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import '../styles/dialogs.css';
import styles from './dialogs.module.css';
import { useMotion } from './use-motion.ts';

interface FloatingProps {
  label: string;
  /** `lg` for a form. */
  size?: 'sm' | 'lg';
  close: () => void;
  children: ReactNode;
}

/** A small dialog in the middle. Its head is no `header`: that would be a second banner of the page. */
export function Floating({ label, size = 'sm', close, children }: FloatingProps) {
  return (
    <Modal.Root opened onClose={close} size={size} lockScroll={false} transitionProps={useMotion()}>
      <Modal.Overlay backgroundOpacity={0.28} />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title className={styles.drawerTitle}>{label}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
