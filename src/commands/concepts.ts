import { bindNames } from '../course/bind.ts';
import { projectNameOf } from '../course/project-name.ts';
import type { Concept, Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { askLive, type LiveAnswer, notStarted, type Question } from '../learn/live-answer.ts';
import { renderConcept } from '../plain/concept.ts';
import { type Command, type Options, openContext, openCourse } from './context.ts';
import { findWorkspace, isThere } from './workspace.ts';

/** The glossary: its list, or one page with what the learner's own server says to its query. The list needs no lab. */
export const concepts: Command = async (options) => {
  const read = await openCourse(options.course);
  const course = bindNames(read, { ...read.names, project: projectNameOf(await findWorkspace(options.dir)) });
  const [word] = options.words;
  if (word !== undefined) await onePage(findConcept(course, word), read, options);
  else if (options.json) writeJson(course.concepts);
  else list(course);
  return EXIT.passed;
};

function list({ concepts }: Course): void {
  const width = Math.max(...concepts.map((concept) => concept.id.length));
  for (const concept of concepts) process.stdout.write(`${concept.id.padEnd(width)}  ${concept.title}\n`);
  process.stdout.write('\nOne page: npx walkthrough concepts NAME\n');
}

async function onePage(concept: Concept, read: Course, options: Options): Promise<void> {
  const answer = concept.query && (await answerTo(concept.query, read, options));
  if (options.json) writeJson([{ ...concept, ...(answer && { answer }) }]);
  else process.stdout.write(renderConcept(concept, process.stdout.columns ?? 80, answer));
}

/** What the server says. No lab is looked for where no walk was begun: nothing of it can run. */
async function answerTo(query: Question, read: Course, options: Options): Promise<LiveAnswer> {
  if (!(await isThere(await findWorkspace(options.dir))))
    return { state: 'unanswered', why: notStarted(read, query.on) };
  try {
    const { lab, course } = await openContext(options, { create: false, read });
    try {
      return await askLive(lab, course, query);
    } finally {
      await lab.close();
    }
  } catch (error) {
    // The page itself needs no lab, so that what keeps the lab from being used is no reason to fail.
    if (error instanceof UserError) return { state: 'unanswered', why: error.message };
    throw error;
  }
}

function findConcept({ concepts }: Course, word: string): Concept {
  const found = concepts.find((concept) => concept.id === word);
  if (found) return found;
  throw new UserError(
    `There is no concept "${word}".`,
    `Concepts: ${concepts.map((concept) => concept.id).join(', ')}.`,
  );
}

function writeJson(concepts: readonly (Concept & { answer?: LiveAnswer })[]): void {
  process.stdout.write(`${JSON.stringify({ schema: 'walkthrough/concepts/v1', concepts }, null, 2)}\n`);
}
