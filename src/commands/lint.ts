import { lessonsFolder } from '../course/builtin.ts';
import { lintCourse } from '../course/lint.ts';
import { EXIT } from '../errors.ts';
import { type Command, courseFolder } from './context.ts';

/** Checks a course folder, and says each problem with file and line. Without a folder: the built-in course. */
export const lint: Command = async (options) => {
  const word = options.words[0] ?? options.course;
  const folder = word === undefined ? lessonsFolder() : await courseFolder(word);
  const problems = await lintCourse(folder, { everyMistake: word === undefined });
  if (options.json)
    process.stdout.write(`${JSON.stringify({ schema: 'walkthrough/lint/v1', folder, problems }, null, 2)}\n`);
  else if (problems.length === 0) process.stdout.write(`No problems in ${folder}.\n`);
  else {
    for (const { file, line, message } of problems) process.stdout.write(`${file}:${line}: ${message}\n`);
    process.stdout.write(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.\n`);
  }
  return problems.length === 0 ? EXIT.passed : EXIT.usage;
};
