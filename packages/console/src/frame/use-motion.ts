import { useReducedMotion } from '@mantine/hooks';

/** How what floats comes and goes: in 120 ms, and at once for those who asked for less motion. */
export function useMotion(): { duration: number } {
  const reduced = useReducedMotion(false, { getInitialValueInEffect: false });
  return { duration: reduced ? 0 : 120 };
}
