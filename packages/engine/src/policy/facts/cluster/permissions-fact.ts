import { impliedGroups, principalId, serviceAccount } from '../../../identity/subjects.ts';
import type { Identity, IdentityFacts, PermissionStep, PermissionTarget } from '../../../identity/types.ts';
import type { CelUnknown } from '../../cel/index.ts';

/** Ways of making pods, or of changing what they run. */
const MAKES_PODS = /^(create-(pod|replication-controller|workload|job)|change-cron-job|patch-pod|workflow-by-argo)$/;
const RUNS_COMMANDS = /^(exec|attach|ephemeral-container|kubelet)$/;

/** A service account, and the workload that runs as it where one is asked about. */
export interface HeldAccount {
  cluster: string;
  namespace: string;
  name: string;
  workload?: string;
}

/** One step that a permission opens: an element of `permissions.steps`. */
interface StepFact {
  /** `read-secrets`, `create-pod`, ... */
  attack: string;
  /** `control-plane`, `secrets`, `workloads`, `service-accounts`, `node`, ... */
  target: string;
  /** Empty for the whole cluster. */
  namespace: string;
  /** "can read every secret in shop". */
  phrase: string;
  /** "RoleBinding shop/web gives Role shop/web". */
  reason: string;
}

/**
 * The fact `permissions` of a workload, or of a ServiceAccount: what the account may do, all of its bindings and groups
 * taken together.
 *
 * - `account`: `shop/web`; `token`: whether the workload's pods are given its token
 * - `steps`: what the permissions open to an attacker; `attacks`: their names
 * - `controlPlane`: one step leads to everything in the cluster
 * - `readsSecrets`, `makesPods`, `runsCommands`, `actsAsOthers`: whether some step does, `everywhere` the same for the
 *   whole cluster
 */
export class PermissionsFact {
  readonly account: string;
  readonly token: boolean;
  readonly #steps: readonly PermissionStep[];
  /** Where a binding, or a role that one names, may be elsewhere: what is found is known, and not that there is no more. */
  readonly #open: CelUnknown | undefined;

  constructor(
    { tokens }: IdentityFacts,
    steps: ReadonlyMap<string, readonly PermissionStep[]>,
    { cluster, namespace, name, workload }: HeldAccount,
    open: CelUnknown | undefined,
  ) {
    this.account = `${namespace}/${name}`;
    this.token = workload !== undefined && tokens.has(workload);
    this.#steps = steps.size === 0 ? NO_STEPS : stepsOf(serviceAccount(cluster, namespace, name), steps);
    this.#open = open;
  }

  get steps(): readonly StepFact[] | CelUnknown {
    return (
      this.#open ??
      this.#steps.map(({ attack, target, namespace, phrase, reason }) => ({
        attack,
        target,
        namespace,
        phrase,
        reason,
      }))
    );
  }

  get attacks(): readonly string[] | CelUnknown {
    return this.#open ?? [...new Set(this.#steps.map(({ attack }) => attack))];
  }

  get controlPlane(): boolean | CelUnknown {
    return this.#some(isControlPlane);
  }

  get readsSecrets(): boolean | CelUnknown {
    return this.#some(opens('secrets'));
  }

  get makesPods(): boolean | CelUnknown {
    return this.#some(({ attack }) => MAKES_PODS.test(attack));
  }

  get runsCommands(): boolean | CelUnknown {
    return this.#some(({ attack }) => RUNS_COMMANDS.test(attack));
  }

  get actsAsOthers(): boolean | CelUnknown {
    return this.#some(({ attack }) => /^(impersonate-|request-token$|token-secret$)/.test(attack));
  }

  /** The same where it holds in every namespace. */
  get everywhere(): { readsSecrets: boolean | CelUnknown; makesPods: boolean | CelUnknown } {
    const inCluster = (holds: (step: PermissionStep) => boolean) => (step: PermissionStep) =>
      step.namespace === '' && step.names.length === 0 && holds(step);
    return {
      readsSecrets: this.#some(inCluster((step) => isControlPlane(step) || opens('secrets')(step))),
      makesPods: this.#some(inCluster((step) => isControlPlane(step) || MAKES_PODS.test(step.attack))),
    };
  }

  /** The worst of it in words: "can read every secret in shop"; empty where there is nothing. */
  get worst(): string {
    const [first] = this.#steps.toSorted((a, b) => weightOf(b) - weightOf(a));
    return first === undefined ? '' : first.phrase;
  }

  /** Whoever may do everything may do this. */
  #some(holds: (step: PermissionStep) => boolean): boolean | CelUnknown {
    return this.#steps.some((step) => isControlPlane(step) || holds(step)) || (this.#open ?? false);
  }
}

const NO_STEPS: readonly PermissionStep[] = [];

/** By the account's own name, and as a member of the groups of all accounts. */
function stepsOf(account: Identity, steps: ReadonlyMap<string, readonly PermissionStep[]>): readonly PermissionStep[] {
  const groups = impliedGroups(account).map((group) => principalId(account.cluster, 'Group', group));
  return [account.id, ...groups].flatMap((id) => steps.get(id) ?? []);
}

const opens =
  (target: PermissionTarget) =>
  (step: PermissionStep): boolean =>
    step.target === target;

/** By itself, or in nearly every cluster. */
function isControlPlane({ target, certainty }: PermissionStep): boolean {
  return target === 'control-plane' && (certainty === 'certain' || certainty === 'likely');
}

function weightOf(step: PermissionStep): number {
  const certain = { certain: 4, likely: 3, possible: 2, slight: 1 }[step.certainty];
  return (isControlPlane(step) ? 100 : 0) + (step.namespace === '' ? 10 : 0) + certain;
}
