import type { Container, Port } from '@breakwater/model';
import type { Fields } from './fields.ts';
import { type PodFacts, readContainer, readPort, recipeOf } from './read-container.ts';

/**
 * A container of which only what every network fact takes is read at once, and the rest when it is asked for: of ten
 * thousand workloads most are only asked for their ports. Says what `readContainer` says. Not to be spread: what is read
 * late are no fields of its own.
 */
export class ContainerOnDemand implements Container {
  readonly name: string;
  readonly role: Container['role'];
  readonly sidecar?: true;
  readonly image: string;
  readonly recipe?: string;
  readonly ports: Port[];
  readonly #container: Fields;
  readonly #pod: PodFacts;
  #whole: Container | undefined;

  constructor(container: Fields, role: Container['role'], pod: PodFacts) {
    this.name = container.string('name') ?? '';
    this.role = role;
    if (role === 'init' && container.string('restartPolicy') === 'Always') this.sidecar = true;
    this.image = container.string('image') ?? '';
    const recipe = recipeOf(container);
    if (recipe !== undefined) this.recipe = recipe;
    this.ports = container.children('ports').flatMap(readPort);
    this.#container = container;
    this.#pod = pod;
  }

  get #rest(): Container {
    this.#whole ??= readContainer(this.#container, this.role, this.#pod);
    return this.#whole;
  }

  get environment(): Container['environment'] {
    return this.#rest.environment;
  }

  get namedServices(): Container['namedServices'] {
    return this.#rest.namedServices;
  }

  get asksPassword(): Container['asksPassword'] {
    return this.#rest.asksPassword;
  }

  get security(): Container['security'] {
    return this.#rest.security;
  }

  get limits(): Container['limits'] {
    return this.#rest.limits;
  }

  get requests(): Container['requests'] {
    return this.#rest.requests;
  }

  get mounts(): Container['mounts'] {
    return this.#rest.mounts;
  }

  get pointer(): Container['pointer'] {
    return this.#container.pointer;
  }
}
