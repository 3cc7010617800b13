import type { Tokens } from 'marked';
import type { Fields } from './fields.ts';
import type { Report } from './problem.ts';
import type { Action, Prediction } from './types.ts';
import { readFields, type YamlSource } from './yaml.ts';

/** The YAML inside a fence. Its first line is the one after the opening backticks. */
export function yamlOf(token: Tokens.Code, line: number): YamlSource {
  return { text: token.text, firstLine: line + 1, what: `the "${token.lang}" block` };
}

/** Reads a `yaml predict` block. The answer counts from 1 in the file and from 0 in memory. */
export function readPrediction(source: YamlSource, report: Report): Prediction | undefined {
  const fields = readFields(source, report)?.only(['question', 'options', 'answer', 'because']);
  if (!fields) return undefined;
  const question = fields.text('question');
  const options = fields.texts('options').map((option) => option.text);
  const answer = fields.integer('answer', 1);
  const because = fields.text('because');
  if (options.length === 1) report(fields.lineOf('options'), 'a prediction needs two options or more');
  if (options.length > 9) report(fields.lineOf('options'), 'at most 9 options: they are chosen by one digit');
  if (new Set(options).size < options.length) report(fields.lineOf('options'), 'two options are the same');
  if (answer !== undefined && options.length > 0 && answer > options.length) {
    report(fields.lineOf('answer'), `answer ${answer} does not exist: there are ${options.length} options`);
    return undefined;
  }
  if (question === undefined || answer === undefined || because === undefined) return undefined;
  return { question, options, answer: answer - 1, because };
}

/** Reads a `yaml write` block: path in the workspace -> path of a reference file in the course folder. */
export function readWrite(
  source: YamlSource,
  known: ReadonlySet<string>,
  report: Report,
): Action | undefined {
  const fields = readFields(source, report);
  if (!fields) return undefined;
  if (fields.keys().length === 0) report(source.firstLine, `${source.what} names no file`);
  const files = fields.keys().flatMap((path) => {
    const from = readReference(fields, path, known, report);
    return from === undefined ? [] : [{ path, from }];
  });
  return { kind: 'write', files };
}

function readReference(fields: Fields, path: string, known: ReadonlySet<string>, report: Report) {
  const from = fields.text(path);
  const line = fields.lineOf(path);
  if (/^[/~\\]|^[A-Za-z]:|\\|(^|\/)\.\.(\/|$)/.test(path)) {
    report(line, `"${path}" must be a path inside the workspace, with forward slashes`);
  }
  if (from === undefined || known.has(from)) return from;
  report(line, `no file "${from}" in the course folder. Files: ${[...known].join(', ') || 'none'}`);
  return undefined;
}
