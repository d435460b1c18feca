import type { Progress } from '@breakwater/model';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useEffect, useRef, useState } from 'react';

/** Stages during which work goes on. */
const WORKING = new Set<Progress['stage']>(['reading', 'scanning', 'matching', 'ranking', 'storing']);

/** Whether an estate is being taken in. */
export const isWorking = (progress: Progress | undefined) => progress !== undefined && WORKING.has(progress.stage);

/** What the frame knows of the progress, for pages that wait for it. */
export const LiveProgress = createContext<Progress | undefined>(undefined);

/** Progress as the server streams it, and whether the stream is broken. When work ends, all that is shown is asked again. */
export function useLiveProgress(): { progress: Progress | undefined; lost: boolean } {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const [lost, setLost] = useState(false);
  const wasWorking = useRef(false);
  useEffect(() => {
    const stream = new EventSource('/api/progress');
    const take = (event: MessageEvent<string>) => {
      const next = readProgress(event.data);
      if (next === undefined) return;
      setLost(false);
      setProgress(next);
      const working = isWorking(next);
      if (wasWorking.current && !working) void client.invalidateQueries();
      wasWorking.current = working;
    };
    stream.onmessage = take;
    stream.addEventListener('progress', take);
    stream.onopen = () => setLost(false);
    stream.onerror = () => setLost(true);
    return () => stream.close();
  }, [client]);
  return { progress, lost };
}

function readProgress(text: string): Progress | undefined {
  try {
    return JSON.parse(text) as Progress;
  } catch {
    return undefined;
  }
}
