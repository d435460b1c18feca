import { type ApiServer, patchWebhook } from '@breakwater/server/admission';

type Wanted = Omit<Parameters<typeof patchWebhook>[2], 'narrows'>;

/** Keeps our webhook in the API server as it has to be, however often it changes there or here. */
export interface WebhookKeeper {
  /** What it has to be from now on. Nothing is written before a certificate is served. */
  want(change: Partial<Wanted>): void;
  close(): void;
}

/** Milliseconds between two looks, and after a failure. */
const INTERVAL = 5_000;
const AGAIN = 2_000;
/** For how long rules that nobody here wants stay: replicas that differ are being rolled out. */
const WIDER = 120_000;

/** Does nothing where there is no webhook to keep. What fails is reported once, and tried again. */
export function openWebhookKeeper(
  api: ApiServer | undefined,
  name: string | undefined,
  report: (message: string) => void,
): WebhookKeeper {
  if (api === undefined || name === undefined) return { want() {}, close() {} };
  let wanted: Partial<Wanted> = {};
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let failure = '';
  let widerSince: number | undefined;
  let running: Promise<void> | undefined;
  const plan = (wait: number) => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void run(), wait);
  };
  const look = async () => {
    const { serving, watched } = wanted;
    if (serving === undefined || watched === undefined) return;
    try {
      const narrows = widerSince !== undefined && performance.now() - widerSince > WIDER;
      const { changed, isWider } = await patchWebhook(api, name, { serving, watched, narrows });
      if (changed) report(`ValidatingWebhookConfiguration ${name} is up to date.`);
      widerSince = isWider ? (widerSince ?? performance.now()) : undefined;
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
      plan(0);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
