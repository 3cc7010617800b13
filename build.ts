import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Bundle, bundle } from './bundle.ts';
import { lintCourse } from './src/course/lint.ts';
import { CourseError, formatProblem, type Problem } from './src/course/problem.ts';
import { readCourse } from './src/course/read.ts';
import type { Course } from './src/course/types.ts';

const COURSE = 'lessons';
const OUT = 'dist';

/** The programs: the command, and for the sandbox its `docker` and the process behind each of its containers. */
const PROGRAMS = { docker: 'src/docker.ts', container: 'src/container.ts' };

/** First on the PATH of the sandbox's shell. The lab's own Node runs it, whatever the learner's PATH has. */
const DOCKER_COMMAND = `#!/bin/sh
exec "\${WALKTHROUGH_NODE:-node}" "\${0%/*}/../docker.js" "$@"
`;

/**
 * tsx build.ts                 lints the built-in course and builds dist/
 * tsx build.ts --lint [DIR]    only prints what is wrong with a course, the built-in one by default
 * tsx build.ts --entry FILE    builds from another entry, to try the bundling itself
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { lint: { type: 'boolean', default: false }, entry: { type: 'string', default: 'src/cli.ts' } },
    allowPositionals: true,
  });
  if (values.lint) {
    const [dir] = positionals;
    return report(await lintCourse(dir ?? COURSE, { everyMistake: dir === undefined }));
  }
  // esbuild works in a process of its own meanwhile.
  const [course, program] = await Promise.all([cleanCourse(), bundle({ cli: values.entry, ...PROGRAMS })]);
  if (program.eager.length > 0) return refuse(program.eager);
  await write(course, program);
  return 0;
}

/** The built-in course. Throws CourseError with what lint says, too: nobody but us could mend it later. */
async function cleanCourse(): Promise<Course> {
  const problems = await lintCourse(COURSE, { everyMistake: true });
  if (problems.length > 0) throw new CourseError(problems);
  return readCourse(COURSE);
}

async function write(course: Course, { files }: Bundle): Promise<void> {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(`${OUT}/bin`, { recursive: true });
  await Promise.all([...files].map(([name, contents]) => writeFile(`${OUT}/${name}`, contents)));
  await writeFile(`${OUT}/course.json`, JSON.stringify(course));
  await writeFile(`${OUT}/bin/docker`, DOCKER_COMMAND);
  await Promise.all(['cli.js', 'bin/docker'].map((name) => chmod(`${OUT}/${name}`, 0o755)));
}

function report(problems: readonly Problem[]): number {
  for (const problem of problems) console.error(formatProblem(problem));
  if (problems.length > 0)
    console.error(`\n${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`);
  return problems.length > 0 ? 1 : 0;
}

function refuse(eager: readonly string[]): number {
  console.error('These packages would be loaded at every start. Reach them by `await import(…)` only:');
  for (const line of eager) console.error(`  ${line}`);
  return 1;
}

process.exitCode = await main().catch((error: unknown) => {
  if (error instanceof CourseError) return report(error.problems);
  if (error instanceof Error && 'errors' in error) return 1; // esbuild has told them already
  throw error;
});
