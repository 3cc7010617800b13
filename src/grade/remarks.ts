import type { Remark } from './types.ts';

export const outOfTime = (where: string, seconds: number): Remark => ({
  kind: 'limit',
  id: 'script-time',
  where,
  message: `The script was ended because it ran longer than ${seconds} seconds.`,
});

export const wantsTerminal = (where: string): Remark => ({
  kind: 'note',
  id: 'needs-terminal',
  where,
  message:
    'It asks for a terminal (-it). Where there is none, Docker refuses that with "the input device is not a TTY". Use -i alone.',
});
