import { type ApiServer, patchWebhook } from '@breakwater/server/admission';

type Wanted = Parameters<typeof patchWebhook>[2];

/** Keeps our webhook in the API server as it has to be, however often it changes there or here. */
export interface WebhookKeeper {
  /** What it has to be from now on. */
  want(change: Partial<Wanted>): void;
  close(): void;
}

/** Milliseconds between two looks, and after a failure. */
const INTERVAL = 30_000;
const AGAIN = 2_000;

/** Does nothing where there is no webhook to keep. What fails is reported once, and tried again. */
export function openWebhookKeeper(
  api: ApiServer | undefined,
  name: string | undefined,
  report: (message: string) => void,
): WebhookKeeper {
  if (api === undefined || name === undefined) return { want() {}, close() {} };
  let wanted: Wanted = { bundle: undefined, watched: [] };
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let failure = '';
  let running: Promise<void> | undefined;
  const plan = (wait: number) => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void run(), wait);
  };
  const look = async () => {
    if (wanted.watched.length === 0) return;
    try {
      if (await patchWebhook(api, name, wanted)) report(`ValidatingWebhookConfiguration ${name} is up to date.`);
      failure = '';
      plan(INTERVAL);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== failure) report(message);
      failure = message;
      plan(AGAIN);
    }
  };
  const run = () => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    want(change) {
      wanted = { ...wanted, ...change };
      plan(100);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
