import { harmless } from '../terminal/ansi.ts';
import type { GradedSubmission, Remark } from './types.ts';

/** Characters of one text of a finding or a remark; nobody reads more. */
const LONGEST = 4000;
/** Remarks that are told one by one. */
const REMARKS = 100;

/**
 * A record with nothing in it that steers a terminal, and of a size that can be kept. Findings quote logs, settings
 * and rows, and remarks quote commands: all of that is of others.
 */
export function harmlessRecord(record: GradedSubmission): GradedSubmission {
  const { runs, remarks, ...rest } = record;
  const told = remarks.slice(0, REMARKS);
  if (remarks.length > REMARKS) told.push(more(remarks.length - REMARKS));
  return {
    ...(cleaned({ ...rest, remarks: told }, LONGEST) as Omit<GradedSubmission, 'runs'>),
    // Their output has been cut already.
    runs: runs.map((run) => ({
      ...run,
      command: clip(run.command, LONGEST),
      output: { ...run.output, text: harmless(run.output.text) },
    })),
  };
}

const more = (count: number): Remark => ({
  kind: 'note',
  id: 'more-remarks',
  where: '',
  message: `There were ${count} more remarks, which are left out.`,
});

function cleaned(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return clip(value, longest);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(one, longest)]));
}

/** Cut before it is cleaned, too: cleaning takes time. */
function clip(text: string, longest: number): string {
  const clean = harmless(text.slice(0, longest));
  return text.length <= longest ? clean : `${clean}…`;
}
