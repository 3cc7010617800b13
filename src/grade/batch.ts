import { type Entry, type Grading, gradeOne } from './grade-one.ts';
import type { GradedSubmission, Grades } from './types.ts';

/** What the batch tells while it goes on. */
export interface Listener {
  began(name: string): void;
  ended(record: GradedSubmission): void;
}

export interface Batch {
  entries: readonly Entry[];
  /** Submissions that were graded before, by name; they are kept as they are. */
  done: ReadonlyMap<string, GradedSubmission>;
  /** How many are graded at the same time. */
  jobs: number;
  /** The record without its submissions. */
  head: Omit<Grades, 'submissions' | 'endedAt'>;
  /** Writes one submission's record down; called after every check of it. */
  saveOne(record: GradedSubmission): Promise<void>;
  /** Writes the class down; called after every submission. */
  saveAll(grades: Grades): Promise<void>;
  listener: Listener;
}

/**
 * Grades all entries, at most `jobs` at a time, each in a room of its own. The class is in the order of the
 * entries, whichever ends first. Answers what there is when the signal is aborted: then `endedAt` is
 * null.
 */
export async function gradeBatch(batch: Batch, grading: Grading): Promise<Grades> {
  const records = new Map(batch.done);
  const grades = (endedAt: string | null): Grades => ({
    ...batch.head,
    endedAt,
    submissions: batch.entries.flatMap(({ name }) => records.get(name) ?? []),
  });
  // What ends one worker for good, a record that can't be written, ends all of them, and is told when they have ended.
  const failure = new AbortController();
  const signal = AbortSignal.any([grading.signal, failure.signal]);
  const waiting = batch.entries.filter(({ name }) => !batch.done.has(name));
  const work = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      if (signal.aborted) return;
      const { name } = entry;
      batch.listener.began(name);
      try {
        const own = { ...grading, signal, scratch: `${grading.scratch}/${batch.entries.indexOf(entry)}` };
        const record = await gradeOne(entry, own, async (partial) => {
          records.set(name, partial);
          await batch.saveOne(partial);
        });
        records.set(name, record);
        await batch.saveOne(record);
        batch.listener.ended(record);
        await batch.saveAll(grades(null));
      } catch (error) {
        if (!signal.aborted) failure.abort(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: batch.jobs }, work));
  if (failure.signal.aborted) throw failure.signal.reason;
  const all = grades(grading.signal.aborted ? null : new Date().toISOString());
  await batch.saveAll(all);
  return all;
}
