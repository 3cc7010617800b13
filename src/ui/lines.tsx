import { Box, Text } from 'ink';
import Spinner from 'ink-spinner';
import type { ReactNode } from 'react';
import { memo } from 'react';
import type { Line, Span, Tone } from './line.ts';

/** Colour and weight of each tone. Basic colours only: they follow the learner's own palette, light or dark. */
const STYLES: Record<
  Tone,
  { color?: string; bold?: boolean; dimColor?: boolean; italic?: boolean; inverse?: boolean }
> = {
  plain: {},
  accent: { color: 'cyan', bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  dim: { dimColor: true },
  strong: { bold: true },
  em: { italic: true },
  inverse: { inverse: true },
  spinner: { color: 'cyan' },
};

/** Rows as they are, one Text each. A row never wraps: its height was counted before. */
export const Lines = memo(function Lines({
  lines,
  spinner,
}: {
  lines: readonly Line[];
  spinner: 'dots' | 'line';
}): ReactNode {
  return (
    <Box flexDirection="column">
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place
        <Text key={row} wrap="truncate">
          {line.length === 0 ? ' ' : line.map((one, at) => part(one, at, spinner))}
        </Text>
      ))}
    </Box>
  );
});

function part(one: Span, key: number, spinner: 'dots' | 'line'): ReactNode {
  if (one.tone === 'plain') return one.text;
  return (
    <Text key={key} {...STYLES[one.tone]}>
      {one.tone === 'spinner' ? <Spinner type={spinner} /> : one.text}
    </Text>
  );
}
