import type { Course } from '../course/types.ts';
import type { TaskRecord } from '../learn/state.ts';
import { pathPattern } from './choose.ts';
import { COMPOSE_FILES, coursePaths, READ_BY_COMPOSE } from './own-paths.ts';
import { textOf } from './shell-text.ts';
import type { ScriptFile, WorkspaceFile } from './types.ts';

/**
 * The files for the script: the learner's as they are, and the lesson's own where there is none, or only the empty
 * script that a later lesson fills. What Compose reads comes first, because it tells the project's name.
 */
export function scriptFiles(
  course: Course,
  found: readonly WorkspaceFile[],
  records: Readonly<Record<string, TaskRecord>>,
  workspace: string,
): ScriptFile[] {
  const files = found.map((file): ScriptFile => {
    const { last, earlier } = versionsOf(course, file.path);
    const text = textOf(file.bytes);
    const unfinished = last && text !== last.text && earlier.some((one) => one.text === text);
    if (!unfinished) return { ...file, bytes: inFolder(file.bytes, workspace), why: null };
    return { ...file, ...bytesOf(last.text), why: reason(records[last.task]) };
  });
  const composed = found.some((file) => COMPOSE_FILES.includes(file.path));
  for (const path of coursePaths(course)) {
    const { last } = versionsOf(course, path);
    // Two Compose files side by side: only one of them counts, and it need not be the learner's.
    if (!last || found.some((file) => file.path === path) || (composed && COMPOSE_FILES.includes(path)))
      continue;
    files.push({
      path,
      ...bytesOf(last.text),
      mode: path.endsWith('.sh') ? 0o755 : 0o644,
      why: reason(records[last.task]),
    });
  }
  const first = files.filter(({ path }) => READ_BY_COMPOSE.includes(path));
  return [...first, ...files.filter((file) => !first.includes(file))];
}

interface Version {
  task: string;
  text: string;
}

/** What the lessons write to a path: the last version, and those before it. */
function versionsOf(course: Course, path: string): { last: Version | undefined; earlier: Version[] } {
  const versions = course.lessons.flatMap(({ tasks }) =>
    tasks.flatMap(({ id, action }) => {
      const file = action.kind === 'write' ? action.files.find((one) => one.path === path) : undefined;
      return file ? [{ task: id, text: course.files[file.from] ?? '' }] : [];
    }),
  );
  return { last: versions.at(-1), earlier: versions.slice(0, -1) };
}

function reason(record: TaskRecord | undefined): string {
  const lessons = "this is the lesson's own.";
  if (record?.everPassed !== undefined) return `Yours is not in the folder any more: ${lessons}`;
  return record?.skipped ? `Skipped then: ${lessons}` : `Not written yet: ${lessons}`;
}

const bytesOf = (text: string) => ({ bytes: new TextEncoder().encode(text) });

/** The path of the old folder as the path of the one that the script runs in. */
function inFolder(bytes: Uint8Array, workspace: string): Uint8Array {
  const text = textOf(bytes);
  if (text === null || !text.includes(workspace)) return bytes;
  return bytesOf(text.replace(pathPattern(workspace), '.')).bytes;
}
