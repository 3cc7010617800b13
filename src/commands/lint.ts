import { stat } from 'node:fs/promises';
import path from 'node:path';
import { lessonsFolder } from '../course/builtin.ts';
import { lintCourse } from '../course/lint.ts';
import { EXIT, UserError } from '../errors.ts';
import type { Command } from './context.ts';

/** Checks a course folder, and says each problem with file and line. Without a folder: the built-in course. */
export const lint: Command = async (options) => {
  const word = options.words[0] ?? options.course;
  const folder = word === undefined ? lessonsFolder() : path.resolve(word);
  const isFolder = await stat(folder)
    .then((stats) => stats.isDirectory())
    .catch(() => false);
  if (!isFolder)
    throw new UserError(`There is no course folder ${folder}.`, 'Give the folder that holds course.yaml.');
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
