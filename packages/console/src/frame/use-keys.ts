import { useEffect, useRef } from 'react';

/** Whether a key belongs to what has the focus, and not to the page. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Single keys for the page. They rest while someone types, while a dialog is open, and with a modifier. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isCommand = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k';
      const name = isCommand ? 'command-k' : event.key;
      const plain = !(event.metaKey || event.ctrlKey || event.altKey);
      if (!isCommand && (!plain || isTyping(event.target))) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      const act = Object.hasOwn(current.current, name) ? current.current[name] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
