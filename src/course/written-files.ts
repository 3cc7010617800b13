import type { Lesson } from './types.ts';

/** The files that lessons put into the workspace, in their order: where, and the name of the text. One may come twice. */
export const writtenFiles = (lessons: readonly Lesson[]): { path: string; from: string }[] =>
  lessons.flatMap(({ tasks }) =>
    tasks.flatMap(({ action }) => (action.kind === 'write' ? action.files : [])),
  );
