import { type Found, findLessons } from '../learn/find-lessons.ts';
import { pagesNow } from '../learn/pages.ts';
import { lessonAt, lessonState, taskAt } from '../learn/select.ts';
import type { Intent, WalkState } from '../learn/state.ts';
import { keysNow, labelOf } from '../ui/key-lookup.ts';
import { liveLines, pageLines } from './concept.ts';
import { predictionLead } from './words.ts';

/** What is asked now, and what each answer means. Pure, so that the same state asks the same. */
export interface Question {
  /** Lines before the prompt; those of `verbatim` are commands and tables, which are never wrapped. */
  lines: string[];
  verbatim?: readonly string[];
  /** Not all of it is known yet: it is asked when it is, and this is said meanwhile. Null: ask it now. */
  waits?: string | null;
  /** What a line that was typed means; a string is said back and the question stays, a question takes its place. */
  answer(line: string): Intent | Question | string;
}

/** @param columns Width to which text and tables are made. */
export function questionOf(state: WalkState, columns = 80): Question {
  switch (state.mode.kind) {
    case 'edit':
      return state.mode.own ? commandQuestion() : editQuestion(state.mode.initial);
    case 'lessons':
      return lessonsQuestion(state);
    case 'concepts':
      return conceptsQuestion(state, columns);
    case 'predict':
      return predictQuestion(state);
    case 'skip':
      return {
        lines: [
          'This task does not hold yet.',
          'Choose: 1 stay with it, 2 let the tool do it, 3 go on without it.',
        ],
        answer: (line) =>
          numbered(line, 3, (option) => ({ kind: 'choose', option })) ??
          (line === '' ? { kind: 'close' } : 'Type 1, 2 or 3.'),
      };
    case 'test-out':
      return {
        lines: [
          'All of this lesson holds already.',
          'Choose: 1 walk through it, 2 count it as done and go on.',
        ],
        answer: (line) =>
          numbered(line, 2, (option) => ({ kind: 'choose', option })) ??
          (line === '' ? { kind: 'close' } : 'Type 1 or 2.'),
      };
    default:
      return choices(state, []);
  }
}

/** The keys of the walk as numbered choices. */
function choices(state: WalkState, before: string[]): Question {
  const bindings = keysNow(state).filter((one) => one.key !== 'digit' && one.key !== 'ctrl-c');
  const named = bindings.filter((one) => labelOf(one, state) !== '');
  const list = named.map((one, index) => `${index + 1} ${labelOf(one, state)}`);
  return {
    lines: [...before, `Choose: ${list.join(', ')}.`],
    answer(line) {
      if (line === '') return { kind: 'enter' };
      const byNumber = numbered(line, named.length, (option) => named[option]?.intent ?? { kind: 'close' });
      const byName = bindings.find((one) => one.key === line || labelOf(one, state) === line);
      return (
        byNumber ??
        byName?.intent ??
        `"${line}" is none of the choices. Type a number from 1 to ${named.length}, or a name.`
      );
    },
  };
}

/** Options take the numbers, so that the other keys go by name. */
function predictQuestion(state: WalkState): Question {
  const { prediction } = taskAt(state);
  const options = prediction?.options ?? [];
  const others = keysNow(state).filter(
    (one) => !['digit', 'ctrl-c', 'enter'].includes(one.key) && labelOf(one, state) !== '',
  );
  const names = others.map((one) => labelOf(one, state)).join(', ');
  return {
    lines: [
      `${predictionLead(taskAt(state).action)} ${prediction?.question ?? ''}`,
      ...options.map((option, index) => `  ${index + 1} ${option}`),
      `Type a number, or Enter to go on without an answer. Or: ${names}.`,
    ],
    answer(line) {
      if (line === '') return { kind: 'enter' };
      const byName = others.find((one) => one.key === line || labelOf(one, state) === line);
      return (
        numbered(line, options.length, (option) => ({ kind: 'choose', option })) ??
        byName?.intent ??
        `Type a number from 1 to ${options.length}, Enter, or one of: ${names}.`
      );
    },
  };
}

function editQuestion(initial: string): Question {
  return {
    verbatim: [initial],
    lines: [
      'The command is:',
      initial,
      'Type the command that is to run in its place, or Enter to leave it.',
    ],
    answer: (line) => (line === '' ? { kind: 'close' } : { kind: 'submit', command: line }),
  };
}

function commandQuestion(): Question {
  return {
    lines: ['Type a command of your own, or Enter to leave it.'],
    answer: (line) => (line === '' ? { kind: 'close' } : { kind: 'submit', command: line }),
  };
}

function lessonsQuestion(state: WalkState): Question {
  const { lessons } = state.course;
  return {
    lines: [
      ...lessonRows(state, findLessons(state.course, '')),
      'Type the number of a lesson to go there, a word to search for, or Enter to stay.',
    ],
    answer: (line) => toLesson(state, line, lessons.length),
  };
}

/** The lessons that a word has found; their numbers stay those of the course. */
function foundQuestion(state: WalkState, word: string, found: readonly Found[]): Question {
  return {
    lines: [
      `Lessons with "${word}":`,
      ...lessonRows(state, found),
      'Type the number of a lesson to go there, another word, or Enter to stay.',
    ],
    answer: (line) => toLesson(state, line, state.course.lessons.length),
  };
}

function toLesson(state: WalkState, line: string, most: number): Intent | Question | string {
  if (line === '') return { kind: 'close' };
  const byNumber = numbered(line, most, (lesson) => ({ kind: 'goto', lesson }));
  if (byNumber) return byNumber;
  if (/^\d+$/.test(line)) return `Type a number from 1 to ${most}, a word, or Enter.`;
  const found = findLessons(state.course, line);
  const [only, ...others] = found;
  if (!only) return `No lesson has "${line}". Type a number from 1 to ${most}, another word, or Enter.`;
  return others.length === 0 ? { kind: 'goto', lesson: only.index } : foundQuestion(state, line, found);
}

const LESSON_WORDS = {
  passed: 'holds',
  failed: 'open',
  blocked: 'waits',
  error: 'can not be asked',
  open: 'open',
};

function lessonRows(state: WalkState, found: readonly Found[]): string[] {
  return found.map(({ index, because }) => {
    const lesson = lessonAt(state, index);
    const here = index === state.place.lesson ? ', you are here' : '';
    const why = because ? `, with ${because}` : '';
    return `  ${index + 1} ${lesson.title}${why} (${LESSON_WORDS[lessonState(state, lesson)]}${here})`;
  });
}

function conceptsQuestion(state: WalkState, columns: number): Question {
  const { mistakes, concepts } = pagesNow(state);
  const text = [
    ...mistakes.flatMap((one) => ['', `${one.title}.`, ...pageLines(one, columns)]),
    ...concepts.flatMap((one) => [
      '',
      `${one.title}.`,
      ...pageLines(one, columns),
      ...liveLines(one, columns, state.answers[one.id]),
    ]),
  ];
  return {
    lines: [...text, '', 'Press Enter to go on.'],
    verbatim: text,
    waits: concepts.some(({ id, query }) => query && !state.answers[id]) ? 'Asking your servers.' : null,
    answer: () => ({ kind: 'close' }),
  };
}

function numbered(line: string, most: number, intent: (index: number) => Intent): Intent | null {
  if (!/^\d+$/.test(line)) return null;
  const number = Number(line);
  return number >= 1 && number <= most ? intent(number - 1) : null;
}
