import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldOf, textOf } from '../../json/index.ts';

/** Whether pods run on the kernel of their node: `unknown` where the runtime class is named and nobody says what it is. */
export type Sandbox = 'none' | 'sandboxed' | 'unknown';

/** Handlers whose containers have a kernel of their own: gVisor, and small virtual machines. */
const sandboxHandler =
  /^(runsc|gvisor)([-.].*)?$|kata|firecracker|(^|[-.])(clh|qemu|fc|cloud-hypervisor|runhcs-wcow-hypervisor|hyperv)([-.]|$)/i;
const plainHandler = /^(runc|crun|youki|nvidia|docker|containerd|default)([-.].*)?$/i;

/** What runtime classes stand for, by the handlers that their objects name, else by their own names. */
export class Sandboxes {
  readonly #handlers = new Map<string, string>();

  constructor(objects: readonly ManifestObject[]) {
    for (const { kind, apiVersion, cluster, name, object } of objects)
      if (kind === 'RuntimeClass' && apiVersion.startsWith('node.k8s.io/'))
        this.#handlers.set(`${cluster}/${name}`, textOf(fieldOf(object, 'handler')) ?? name);
  }

  of(cluster: string, spec: JsonObject | undefined): Sandbox {
    const name = textOf(fieldOf(spec, 'runtimeClassName'));
    if (name === undefined || name === '') return 'none';
    const handler = this.#handlers.get(`${cluster}/${name}`) ?? name;
    if (sandboxHandler.test(handler)) return 'sandboxed';
    return plainHandler.test(handler) ? 'none' : 'unknown';
  }
}
