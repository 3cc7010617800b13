import { bindNames } from '../course/bind.ts';
import { projectNameOf } from '../course/project-name.ts';
import { EXIT, UserError } from '../errors.ts';
import { renderConcept } from '../plain/concept.ts';
import { type Command, openCourse } from './context.ts';
import { findWorkspace } from './workspace.ts';

/** The glossary: its list, or one page. Needs no lab. */
export const concepts: Command = async (options) => {
  const read = await openCourse(options.course);
  const course = bindNames(read, { ...read.names, project: projectNameOf(await findWorkspace(options.dir)) });
  const [word] = options.words;
  const chosen =
    word === undefined ? course.concepts : course.concepts.filter((concept) => concept.id === word);
  if (chosen.length === 0) {
    throw new UserError(
      `There is no concept "${word}".`,
      `Concepts: ${course.concepts.map((concept) => concept.id).join(', ')}.`,
    );
  }
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ schema: 'walkthrough/concepts/v1', concepts: chosen }, null, 2)}\n`,
    );
  } else if (word === undefined) {
    const width = Math.max(...chosen.map((concept) => concept.id.length));
    for (const concept of chosen) process.stdout.write(`${concept.id.padEnd(width)}  ${concept.title}\n`);
    process.stdout.write('\nOne page: npx walkthrough concepts NAME\n');
  } else {
    for (const concept of chosen) process.stdout.write(renderConcept(concept, process.stdout.columns ?? 80));
  }
  return EXIT.passed;
};
