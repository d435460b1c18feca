import type { Holding, Mechanism } from '@breakwater/sensor/guards';
import { bold, green, plain, red, yellow } from './style.ts';

const WORDS: Readonly<Record<Mechanism, string>> = {
  'bpf-lsm': 'BPF-LSM refuses it',
  exec: 'killed before the first instruction',
  cgroup: 'refused before the first packet',
  seccomp: 'its seccomp profile refuses it, with the sensor and without',
  'no-new-privileges': 'it was started without new privileges',
  'killed-after': 'killed after the call',
  told: 'this kernel can only tell',
};

/** What the guards of a container are worth, as lines: what is prevented, what is not, what is only told. */
export function holdingLines(name: string, holdings: readonly Holding[]): string[] {
  const line = (words: string, chosen: readonly Holding[]): string[] =>
    chosen.length === 0 ? [] : [`${bold(plain(name))}  ${words}: ${byMechanism(chosen)}`];
  const isTold = ({ step, prevents }: Holding): boolean => step === 'audit' && !prevents;
  return [
    ...line(
      green('prevented'),
      holdings.filter(({ prevents }) => prevents),
    ),
    ...line(
      red('not prevented'),
      holdings.filter((one) => !one.prevents && !isTold(one)),
    ),
    ...line(yellow('told only'), holdings.filter(isTold)),
  ];
}

/** `programs, gains (killed before the first instruction); kernel (...)`. */
function byMechanism(holdings: readonly Holding[]): string {
  const groups = Map.groupBy(holdings, ({ mechanism, step, prevents }) =>
    prevents || step === 'block' ? mechanism : '',
  );
  return [...groups]
    .map(([mechanism, group]) => {
      const names = group.map(({ guard }) => guard).join(', ');
      return mechanism === '' ? names : `${names} (${WORDS[mechanism]})`;
    })
    .join('; ');
}
