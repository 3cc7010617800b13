import type { Inline } from './types.ts';

/** Text of a line of prose on one line, with code in backquotes. */
export function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => (inline.kind === 'code' ? `\`${inline.text}\`` : inline.text))
    .join('')
    .replaceAll('\n', ' ');
}
