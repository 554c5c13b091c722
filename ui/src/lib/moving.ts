/** How many stills of a film may pass behind its title here. Pure. */

export const MOST = 6;
/** Fewer do not move. */
export const LEAST = 3;

export interface Here {
  /** Somebody wants things still. */
  still: boolean;
  /** Bytes are counted, or few come. */
  metered: boolean;
  /** It draws slowly, or has no room. */
  slow: boolean;
}

export function howMany(stills: number, here: Here): number {
  if (here.metered || stills === 0) return 0;
  return here.still || here.slow || stills < LEAST ? 1 : Math.min(MOST, stills);
}

interface Line {
  saveData?: boolean;
  type?: string;
  effectiveType?: string;
}

/** What this browser says of itself and of its line; what it does not say speaks for it. */
export function thisPlace(browser: { connection?: Line; deviceMemory?: number; hardwareConcurrency?: number }, matches: (query: string) => boolean): Here {
  const line = browser.connection;
  return {
    still: matches('(prefers-reduced-motion: reduce)'),
    metered: line?.saveData === true || line?.type === 'cellular' || (line?.effectiveType ?? '4g') !== '4g',
    slow: matches('(update: slow)') || (browser.deviceMemory ?? 8) <= 1 || browser.hardwareConcurrency === 1,
  };
}
