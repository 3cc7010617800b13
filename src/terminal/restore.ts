import process from 'node:process';

const SHOW_CURSOR = '\x1b[?25h';

/** Exit code of a process that a signal ended, as shells count it. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type EndSignal = keyof typeof SIGNAL_CODES;

export interface Terminal {
  input: { isTTY?: boolean; setRawMode?: (on: boolean) => unknown };
  output: { isTTY?: boolean; write(text: string): unknown };
}

/** Puts the terminal back: cursor in sight, keys echoed. Safe to call twice, and on a terminal that is gone. */
function restoreTerminal({ input, output }: Terminal): void {
  try {
    if (input.isTTY) input.setRawMode?.(false);
  } catch {
    // The terminal is gone: there is nothing to restore.
  }
  try {
    if (output.isTTY) output.write(SHOW_CURSOR);
  } catch {
    // As above.
  }
}

/**
 * Watches for the ways in which a walk can be ended from outside. `onEnd` is called at the first of them; a
 * signal after that ends the process at once with the terminal restored, so that a walk that hangs can be ended.
 * A listener of ours also keeps signal-exit (in Ink) from killing the process before the lab is put away.
 * @returns the function that stops watching
 */
export function guardTerminal(
  terminal: Terminal,
  onEnd: (signal: EndSignal) => void,
  names: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'],
): () => void {
  let ending = false;
  const listeners = names.map((name) => {
    const listener = () => {
      if (ending) {
        restoreTerminal(terminal);
        process.exit(SIGNAL_CODES[name]);
      }
      ending = true;
      onEnd(name);
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  const onExit = () => restoreTerminal(terminal);
  process.on('exit', onExit);
  return () => {
    for (const [name, listener] of listeners) process.off(name, listener);
    process.off('exit', onExit);
  };
}
