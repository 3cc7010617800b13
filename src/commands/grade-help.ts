import { REPORTS } from '../report/grades/index.ts';

const OPTIONS: [option: string, about: string][] = [
  ['--jobs N', 'how many are graded at the same time, 1 to 64; else half of the processors'],
  ['--out DIR', 'folder for the results; else grades, and for one submission none'],
  ['--format F', 'a report beside grades.json; more than one: --format csv,html (which is the default)'],
  ['--resume', 'go on with the results in that folder: who has a mark keeps it, and new ones are added'],
  ['--trust-scripts', 'without Docker: let scripts of submissions run as you, with no wall around them'],
  ['--lab LAB', 'docker, sandbox (without Docker), or auto: docker where its engine answers'],
  ['--course DIR', 'a course of your own'],
  ['--json', 'the whole record as one JSON document on stdout'],
];

const CODES: [code: number, about: string][] = [
  [0, 'all have full marks'],
  [1, 'somebody lost points'],
  [2, 'bad usage, or a bad course'],
  [3, 'one could not be graded: the machine failed; mend it, then --resume'],
  [4, 'one has no mark yet: it was cut short before; name it, with --resume'],
  [130, 'interrupted by Ctrl-C; what is finished is kept'],
];

/** `walkthrough grade --help` */
export const GRADE_HELP = `walkthrough grade DIR…: marks submissions, one or a class

DIR is a folder with a docker-compose.yml, a .zip or .tar.gz of one, or a folder of those.

options
${OPTIONS.map(([option, about]) => `  ${option.padEnd(16)} ${about}`).join('\n')}

formats
  ${Object.keys(REPORTS).join(', ')}

exit codes
${CODES.map(([code, about]) => `  ${String(code).padStart(3)}  ${about}`).join('\n')}

examples
  npx walkthrough grade ./solutions
  npx walkthrough grade submissions --jobs 2 --out results --format csv,markdown
`;
