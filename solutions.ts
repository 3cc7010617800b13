import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bindNames } from './src/course/bind.ts';
import { RUNTIME_NAMES } from './src/course/names.ts';
import { CourseError } from './src/course/problem.ts';
import { readCourse } from './src/course/read.ts';

const OUT = 'assets/solutions';
/** Files that learners start from are no solutions. */
const NOT_SOLUTIONS = 'files/skeleton/';

/**
 * tsx solutions.ts           writes the reference files of the built-in course, names bound, to assets/solutions
 * tsx solutions.ts --check   exit code 1 when they are not what the course says
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const wanted = await renderSolutions();
  const differing = await differences(wanted);
  if (values.check) {
    for (const path of differing) console.error(`${OUT}/${path} is not what lessons/files says`);
    if (differing.length > 0) console.error('Run: npm run solutions');
    return differing.length > 0 ? 1 : 0;
  }
  for (const path of differing) {
    const content = wanted.get(path);
    const target = join(OUT, path);
    if (content === undefined) await rm(target);
    else await writeSolution(target, content);
    console.error(`${content === undefined ? 'removed' : 'wrote'} ${OUT}/${path}`);
  }
  return 0;
}

async function renderSolutions(): Promise<Map<string, string>> {
  const { files } = bindNames(await readCourse('lessons'), RUNTIME_NAMES);
  const solutions = Object.entries(files).filter(([path]) => !path.startsWith(NOT_SOLUTIONS));
  return new Map(solutions.map(([path, content]) => [path.replace(/^files\//, ''), content]));
}

async function differences(wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const present = await listFiles(OUT);
  const differing = present.filter((path) => !wanted.has(path));
  for (const [path, content] of wanted) {
    if (!present.includes(path) || !(await same(path, content))) differing.push(path);
  }
  return differing.sort();
}

async function same(path: string, content: string): Promise<boolean> {
  const target = join(OUT, path);
  const [found, { mode }] = await Promise.all([readFile(target, 'utf8'), stat(target)]);
  // Windows has no such bit to compare.
  const executable = process.platform === 'win32' || !isScript(path) || (mode & 0o100) !== 0;
  return found === content && executable;
}

async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    );
}

async function writeSolution(target: string, content: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
  await chmod(target, isScript(target) ? 0o755 : 0o644);
}

function isScript(path: string): boolean {
  return path.endsWith('.sh');
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof CourseError)) throw error;
  console.error(error.message);
  return 1;
});
