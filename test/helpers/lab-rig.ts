import { mkdir } from 'node:fs/promises';
import type { Finding } from '../../src/check/finding.ts';
import { drive } from '../../src/commands/run.ts';
import { bindNames } from '../../src/course/bind.ts';
import { readCourse } from '../../src/course/read.ts';
import type { Course } from '../../src/course/types.ts';
import { chooseLab } from '../../src/lab/choose.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { startDriver } from '../../src/learn/driver.ts';
import { examine } from '../../src/learn/examine.ts';
import { lastingChecks } from '../../src/learn/select.ts';
import type { FeedItem } from '../../src/learn/state.ts';
import { renderItem } from '../../src/plain/render.ts';
import { type OwnCourse, ownCourse } from './own-course.ts';

/**
 * The lab that tests of both labs use: each of the two vitest projects sets it for its own run of the same files.
 * Without it (one file run by hand): the sandbox, which is there on every machine.
 */
export const LAB: 'docker' | 'sandbox' = process.env.WALKTHROUGH_TEST_LAB === 'docker' ? 'docker' : 'sandbox';

/** A course of its own in a real lab, for one test file. */
export interface Rig {
  own: OwnCourse;
  course: Course;
  lab: Lab;
  /** Walks lessons `from` to `to` unattended. Returns the exit code and all that was said. */
  walk(from: number, to?: number): Promise<{ code: number; text: string; feed: FeedItem[] }>;
  /** Runs a command line as a learner would type it, in the workspace. Returns its output; does not throw. */
  sh(command: string): Promise<{ exitCode: number | null; output: string }>;
  /** The lesson's lasting checks on the state as it is now. */
  judge(step: number): Promise<Finding[]>;
  /** Like `judge`, until all pass or the time is over: replication is asynchronous. */
  judgeSoon(step: number, seconds?: number): Promise<Finding[]>;
  remove(): Promise<void>;
}

export async function openRig(kind = LAB, use?: OwnCourse): Promise<Rig> {
  const own = use ?? (await ownCourse());
  await mkdir(own.workspace, { recursive: true });
  const read = await readCourse(own.course);
  const { lab } = await chooseLab({ wanted: kind, workspace: own.workspace, names: read.names });
  const course = bindNames(read, { ...read.names, project: lab.project });
  const lesson = (step: number) => {
    const found = course.lessons[step - 1];
    if (!found) throw new Error(`no lesson ${step}`);
    return found;
  };
  const judge = async (step: number) => (await examine(lab, course, lastingChecks(lesson(step)))).findings;
  return {
    own,
    course,
    lab,
    judge,
    async walk(from, to = from) {
      const feed: FeedItem[] = [];
      const startedAt = new Date().toISOString();
      const driver = startDriver({
        course,
        lab,
        startedAt,
        unattended: true,
        firstLesson: from - 1,
        lastLesson: to - 1,
        streamOutput: true,
        poll: false,
      });
      driver.onFeed((item) => feed.push(item));
      const code = await drive(driver);
      return { code, feed, text: feed.map((item) => renderItem(item, { columns: 100 })).join('') };
    },
    async sh(command) {
      let output = '';
      const { exitCode } = await lab.run(command, {
        onOutput: (chunk) => (output += chunk),
        signal: new AbortController().signal,
      });
      return { exitCode, output };
    },
    async judgeSoon(step, seconds = 15) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const findings = await judge(step);
        if (findings.every((finding) => finding.state === 'passed') || Date.now() > end) return findings;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async remove() {
      await lab.clear();
      await lab.close();
      await own.remove();
    },
  };
}

/** Findings that do not pass, as lines for the message of a failed expectation. */
export function openLines(findings: Finding[]): string[] {
  return findings
    .filter((finding) => finding.state !== 'passed')
    .map(
      (finding) =>
        `${finding.id} ${finding.state} ${finding.mistake ?? ''}: saw ${finding.saw}; wanted ${finding.wanted}`,
    );
}
