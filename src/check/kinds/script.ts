import { only, text } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { regularFile, textOf } from '../paths.ts';
import { cannotAsk, failed, passed, quote } from '../verdict.ts';
import { lineTrouble } from './file.ts';

interface ScriptArgs {
  script: string;
}

/** A shell script that bash can read and that does something. What it does is the learner's own affair. */
export const script: CheckKind<ScriptArgs> = {
  kind: 'script',
  accepts: [],
  mistakes: [
    'file-missing',
    'file-is-folder',
    'byte-order-mark',
    'crlf-lines',
    'script-syntax',
    'script-empty',
  ],
  parse(raw) {
    only(raw, 'script', []);
    return { script: text(raw, 'script') };
  },
  title: ({ script }) => `${script} is a shell script that bash can read`,
  why: () => 'With a script the set-up can be repeated without typing, and without forgetting a step.',
  reads: (args) => ({ files: [args.script] }),
  judge(observation, args) {
    const question = { probe: args.script, wanted: 'a shell script with at least one command' };
    const found = regularFile(observation, args.script, question);
    if ('state' in found) return found;
    const content = textOf(found, args.script, question);
    if (typeof content !== 'string') return content;
    const lines = lineTrouble(content, question);
    if (lines) return lines;
    if (found.syntax === undefined) {
      return cannotAsk(question, null, 'bash did not look at it', 'Its syntax is checked with `bash -n`.');
    }
    if (found.syntax !== '') {
      return failed(
        question,
        'script-syntax',
        quote(found.syntax),
        'bash stops at this place. `bash -n` shows the line.',
      );
    }
    const commands = content.split('\n').filter((line) => !/^\s*(#.*|set\s.*)?$/.test(line)).length;
    if (commands === 0) return failed(question, 'script-empty', 'no command in it', script.why(args));
    return passed(question, `${commands} lines of commands, no syntax error`);
  },
};
