import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Driver, LabLabel } from '../learn/driver-types.ts';
import type { Mode } from '../learn/state.ts';
import { tellsOfServers } from '../observe/observe.ts';
import { harmless } from '../terminal/ansi.ts';
import { type EndSignal, guardTerminal, SIGNAL_CODES } from '../terminal/restore.ts';
import { wrapText } from '../terminal/wrap.ts';
import { clusterSentence, withoutNumbers } from './cluster-sentence.ts';
import { type Question, questionOf } from './question.ts';
import { renderItem } from './render.ts';
import { startAgain } from './words.ts';

export interface PlainIo {
  input: Readable & { isTTY?: boolean };
  output: Writable & { columns?: number; isTTY?: boolean };
}

const PROMPT = '> ';

/**
 * The walk as lines that are only ever appended: for screen readers and small terminals. Whenever nothing runs it
 * says what can be done, and reads a line. Lines that come while something runs wait for their turn.
 * @returns the driver's exit code; 128 and the signal's number when a signal ended it
 */
export async function plainWalk(
  driver: Driver,
  label: LabLabel,
  { input, output }: PlainIo,
): Promise<number> {
  const columns = Math.min(output.columns || 80, 100);
  const queue: string[] = [];
  let inputEnded = false;
  let asked = '';
  let atPrompt = false;
  let endedBy: EndSignal | null = null;
  /** A question that an answer has led to, for as long as the state's own stays the same. */
  let narrower: { mode: Mode; question: Question } | null = null;

  const print = (text: string) => {
    if (text === '') return;
    output.write(atPrompt ? `\n${text}` : text);
    atPrompt = false;
  };
  let told = '';
  /** Says how the pair stands, when that is another thing than before. Gives true when it did. */
  const tellCluster = (): boolean => {
    const { observation, course } = driver.getState();
    if (!observation || !tellsOfServers(observation)) return false;
    const sentence = clusterSentence(observation, course.names);
    if (withoutNumbers(sentence) === told) return false;
    told = withoutNumbers(sentence);
    print(`\n${wrapText(harmless(sentence), columns).join('\n')}\n`);
    return true;
  };
  /** Asks when the question is a new one, and answers it from the lines that came in. */
  const turn = () => {
    if (driver.getState().activity.kind !== 'idle') {
      asked = '';
      return;
    }
    const { mode } = driver.getState();
    if (mode !== narrower?.mode) narrower = null;
    const question = narrower?.question ?? questionOf(driver.getState(), columns);
    const interrupted = tellCluster();
    if (question.waits) {
      // Said once. Lines that come meanwhile wait, too: they were meant for what is asked then.
      if (asked !== question.waits) print(`\n${question.waits}\n`);
      asked = question.waits;
      return;
    }
    const text = question.lines
      .flatMap((line) =>
        question.verbatim?.includes(line) ? [harmless(line)] : wrapText(harmless(line), columns),
      )
      .join('\n');
    if (text !== asked) {
      print(`\n${text}\n${PROMPT}`);
      atPrompt = true;
      asked = text;
    } else if (interrupted) {
      // What was asked still stands: a prompt is enough.
      print(PROMPT);
      atPrompt = true;
    }
    const line = queue.shift();
    if (line === undefined) {
      if (inputEnded) driver.send({ kind: 'quit' });
      return;
    }
    atPrompt = false;
    asked = '';
    const answer = question.answer(line.trim());
    if (typeof answer === 'string') print(`${answer}\n`);
    else if ('lines' in answer) narrower = { mode, question: answer };
    else driver.send(answer);
    schedule();
  };
  // Items of the transcript come before the change of state that they belong to: ask after both.
  let planned = false;
  const schedule = () => {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      if (!over) turn();
    });
  };

  // Without raw mode Ctrl-C is a signal: the first stops a command that runs, the next ends the walk.
  const onInterrupt = () => driver.send({ kind: 'interrupt' });
  let over = false;
  const lines = createInterface({ input, terminal: false });
  // A terminal can be lent; lines from a pipe are all for us.
  if (input.isTTY) {
    driver.lendTerminal(async (use) => {
      const ignore = () => {};
      lines.pause();
      process.off('SIGINT', onInterrupt);
      process.on('SIGINT', ignore);
      try {
        return await use();
      } finally {
        process.off('SIGINT', ignore);
        process.on('SIGINT', onInterrupt);
        lines.resume();
      }
    });
  }
  lines.on('line', (line) => {
    queue.push(line);
    schedule();
  });
  lines.on('close', () => {
    inputEnded = true;
    schedule();
  });
  process.on('SIGINT', onInterrupt);
  const onSignal = (signal: EndSignal) => {
    endedBy = signal;
    driver.send({ kind: 'quit' });
  };
  const unguard = guardTerminal({ input, output }, onSignal, ['SIGTERM', 'SIGHUP']);
  // A reader that went away (`| head`) ends the walk; without a listener it would be a crash.
  const onGone = () => onSignal('SIGHUP');
  output.on('error', onGone);

  print(`Lab: ${label.text}.\n`);
  const stopFeed = driver.onFeed((item) => print(renderItem(item, { columns })));
  const stopState = driver.subscribe(schedule);
  schedule();
  try {
    const code = await driver.finished;
    return endedBy ? SIGNAL_CODES[endedBy as EndSignal] : code;
  } finally {
    over = true;
    print(`Your place is kept. ${startAgain(driver.getState().flags)}\n`);
    stopFeed();
    stopState();
    unguard();
    process.off('SIGINT', onInterrupt);
    output.off('error', onGone);
    lines.close();
  }
}
