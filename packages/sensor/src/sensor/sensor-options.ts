import type { RuntimeEvent } from '@breakwater/model';
import type { ContainerFacts } from '../containers/index.ts';
import type { Guard } from '../kernel/index.ts';

/** What a sensor watches, and who is told. */
export interface SensorOptions {
  /** Whether a container is watched, once it is known what it is; all are where this is left out. */
  chooses?: (facts: ContainerFacts) => boolean;
  /** What a container is kept from, once it is known what it is. */
  guardOf?: (facts: ContainerFacts) => Guard;
  /** What every container is kept from until then: from its first program on. */
  fromStart?: Guard;
  /** Told of each container that is guarded, once its first program runs. */
  guarded?: (facts: ContainerFacts) => void;
  /** Told of each container that is no more. */
  ended?: (facts: ContainerFacts) => void;
  take(event: RuntimeEvent): void;
  /**
   * Whether what an event tells is known from now on: what is the same is then counted in the kernel, and told no more but
   * by `repeatsEvery`. By default all is that was told once. Asked of programs, opened files, connections and callers.
   */
  isKnown?: (event: RuntimeEvent) => boolean;
  /** Milliseconds after which it is told how often known things happened; by default it is not. */
  repeatsEvery?: number;
  /** Milliseconds after which it is told what containers use of the machine; by default it is not. */
  usageEvery?: number;
  /** Whether it is told which system calls each container makes, each once; by default it is not. */
  tellsCalls?: boolean;
  /** Bytes of the kernel's buffer, a power of two. */
  bufferSize?: number;
  /** Whether it has its process for itself: then it gives memory back that it needs no more. */
  ownsProcess?: boolean;
}
