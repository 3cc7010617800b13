import { REPORTS } from '../report/grades/index.ts';

/** What `--help` tells of one command. */
interface Page {
  /** What may stand after the command. */
  words?: string;
  /** What it does, as the rest of a sentence. */
  does: string;
  notes?: string[];
  options: Row[];
  /** Where they say more than that it worked or did not. */
  codes?: Row[];
  formats?: string[];
  examples?: string[];
}

type Row = [name: string, about: string];

// The same words for the same option, whichever command takes it.
const LAB: Row = ['--lab LAB', 'docker, sandbox (without Docker), or auto: docker where its engine answers'];
const DIR: Row = [
  '--dir DIR',
  'your folder; else the one that you are in if a walk began there, or ./solutions',
];
const COURSE: Row = ['--course DIR', 'a course of your own'];
const JSON_ONLY: Row = ['--json', 'one JSON document on stdout, nothing else there'];

const BAD_USAGE: Row = ['2', 'bad usage, or a bad course'];
const UNUSABLE: Row = ['3', "the environment can't be used: no engine, a taken port; doctor says more"];
const INTERRUPTED: Row = ['130', 'interrupted by Ctrl-C'];

/** One page for each command of the front door. */
const PAGES: Record<string, Page> = {
  learn: {
    does: 'the interactive walk, which goes on where you stopped',
    notes: [
      'It is the default: npx walkthrough does the same. Where stdin is no terminal, it does what run does.',
    ],
    options: [['--plain', 'plain lines with numbers to choose from, no live screen'], LAB, DIR, COURSE],
  },
  run: {
    does: 'all steps unattended: does each task, checks it, stops at the first failure',
    options: [
      ['--from N', 'the first step to do, by number or name; else step 1'],
      ['--to N', 'the last step to do, by number or name; else the last of the course'],
      LAB,
      DIR,
      COURSE,
      JSON_ONLY,
    ],
    codes: [
      ['0', 'all of these steps were done, and hold'],
      ['1', 'a step failed'],
      BAD_USAGE,
      UNUSABLE,
      INTERRUPTED,
    ],
    examples: ['npx walkthrough run --from 3 --to 5'],
  },
  check: {
    words: '[STEP…]',
    does: 'judges the state as it is now, whoever made it, and changes nothing',
    notes: ['STEP is a number or a name, one or more; without one, all steps are judged.'],
    options: [LAB, DIR, COURSE, JSON_ONLY],
    codes: [['0', 'all of these steps hold'], ['1', 'a check failed'], BAD_USAGE, UNUSABLE],
    examples: ['npx walkthrough check 7 8'],
  },
  status: {
    does: 'tells where you are in the walk, and which steps hold now',
    notes: [
      'A step holds when all of its checks pass now. It is blocked when it waits for one before it that does not hold.',
    ],
    options: [LAB, DIR, COURSE, JSON_ONLY],
    codes: [['0', 'it could look, whatever it saw'], BAD_USAGE, UNUSABLE],
  },
  shell: {
    does: "your own shell in your folder, with the lab's docker; exit comes back",
    notes: ['The folder is made where it is not there yet. Commands can also come through a pipe.'],
    options: [LAB, DIR, COURSE],
    codes: [['N', 'the exit code of the shell'], BAD_USAGE, UNUSABLE],
  },
  runbook: {
    does: 'writes what you did as runbook.md, and as a script that builds the same pair: runbook.sh',
    options: [DIR, COURSE, JSON_ONLY],
  },
  reset: {
    does: "removes the containers, the network, the data folders and the course's files",
    notes: ['It asks first. Files that you changed stay.'],
    options: [['--yes, -y', 'do not ask; needed where stdin is no terminal'], LAB, DIR, COURSE, JSON_ONLY],
    codes: [['0', 'removed, or you said no'], BAD_USAGE, UNUSABLE, INTERRUPTED],
  },
  grade: {
    words: 'DIR…',
    does: 'marks submissions, one or a class',
    notes: ['DIR is a folder with a docker-compose.yml, a .zip or .tar.gz of one, or a folder of those.'],
    options: [
      ['--jobs N', 'how many are graded at the same time, 1 to 64; else half of the processors'],
      ['--out DIR', 'folder for the results; else grades, and for one submission none'],
      ['--format F', 'a report beside grades.json; more than one: --format csv,html (which is the default)'],
      ['--resume', 'go on with the results in that folder: who has a mark keeps it, and new ones are added'],
      ['--trust-scripts', 'without Docker: let scripts of submissions run as you, with no wall around them'],
      LAB,
      COURSE,
      ['--json', 'the whole record as one JSON document on stdout'],
    ],
    formats: Object.keys(REPORTS),
    codes: [
      ['0', 'all have full marks'],
      ['1', 'somebody lost points'],
      BAD_USAGE,
      ['3', 'one could not be graded: the machine failed; mend it, then --resume'],
      ['4', 'one has no mark yet: it was cut short before; name it, with --resume'],
      ['130', 'interrupted by Ctrl-C; what is finished is kept'],
    ],
    examples: [
      'npx walkthrough grade ./solutions',
      'npx walkthrough grade submissions --jobs 2 --out results --format csv,markdown',
    ],
  },
  doctor: {
    does: 'tells what this machine has, what is missing, and how to mend it',
    options: [LAB, DIR, COURSE, JSON_ONLY],
    codes: [['0', 'nothing is missing'], BAD_USAGE, ['3', 'something is missing']],
  },
  concepts: {
    words: '[NAME]',
    does: 'the glossary: its list, or one page with what your own server says now',
    options: [LAB, DIR, COURSE, JSON_ONLY],
    examples: ['npx walkthrough concepts slot'],
  },
  lint: {
    words: '[COURSE]',
    does: 'checks a course folder, and names each problem with file and line',
    notes: ['Without COURSE it checks the built-in course.'],
    options: [COURSE, JSON_ONLY],
    codes: [
      ['0', 'no problems'],
      ['2', 'problems, or bad usage'],
    ],
  },
};

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

/** `walkthrough COMMAND --help` */
export function helpOf(command: string): string {
  const page = PAGES[command];
  if (!page) throw new Error(`the command ${command} has no page of help`);
  const { words, does, notes = [], options, codes = [], formats = [], examples = [] } = page;
  const lines = [
    `walkthrough ${words === undefined ? command : `${command} ${words}`}: ${does}`,
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...section(
      'options',
      options.map(([option, about]) => `${option.padEnd(16)} ${about}`),
    ),
    ...section('formats', formats.length > 0 ? [formats.join(', ')] : []),
    ...section(
      'exit codes',
      codes.map(([code, about]) => `${code.padStart(3)}  ${about}`),
    ),
    ...section('examples', examples),
  ];
  return `${lines.join('\n')}\n`;
}
