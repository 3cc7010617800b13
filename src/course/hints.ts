import { givesAway } from './giveaway.ts';
import { bindKnown } from './names.ts';
import type { Report } from './problem.ts';
import type { ProseScope } from './prose.ts';
import type { Action } from './types.ts';
import { wrappedLines } from './wrap.ts';
import { readTexts, type YamlSource } from './yaml.ts';

const MAX_LINES = 3;

/** A hint and its line in the file. */
export interface Hint {
  text: string;
  line: number;
}

/** Reads a `yaml hints` block: where to look, then the idea. */
export function readHints(source: YamlSource, report: Report): Hint[] {
  const hints = readTexts(source, report);
  if (hints && hints.length !== 2) {
    report(source.firstLine, `hints must be two texts (where to look, the idea), here ${hints.length}`);
  }
  return hints ?? [];
}

/** Reports hints that show the command, say the same, or are too long to be read at a glance. */
export function checkHints(hints: readonly Hint[], action: Action | undefined, scope: ProseScope): void {
  const { report, names } = scope;
  const command = action?.kind === 'command' ? bindKnown(action.command, names) : '';
  for (const { text, line } of hints) {
    const hint = bindKnown(text, names);
    if (givesAway(hint, command)) {
      report(line, 'this hint gives the command away. The command itself is the last level of every ladder');
    }
    const lines = wrappedLines(hint, 80);
    if (lines > MAX_LINES) report(line, `this hint takes ${lines} lines. At most ${MAX_LINES}`, 'lint');
  }
  const [first, second] = hints;
  if (first && second && first.text === second.text) report(second.line, 'both hints say the same', 'lint');
}
