import type { GradedSubmission, Grades } from '../../grade/types.ts';
import { gradesAsCsv } from './csv.ts';
import { gradesAsHtml } from './html.ts';
import { gradesAsJson } from './json.ts';
import { gradesAsJunit } from './junit.ts';
import { gradesAsMarkdown, submissionAsMarkdown } from './markdown.ts';
import { gradesAsText } from './text.ts';

export type ReportFormat = 'text' | 'json' | 'junit' | 'markdown' | 'csv' | 'html';

interface Report {
  /** No dot before it. */
  extension: string;
  /** @param width Cells of a line, for the form that is read in a terminal. */
  write(grades: Grades, width?: number): string;
  /** The same for one student, with no word about others; only where a form is made to be sent. */
  writeOne?(grades: Grades, submission: GradedSubmission): string;
}

/** Every form in which grades are written. All are made from the record alone. */
export const REPORTS: Record<ReportFormat, Report> = {
  text: { extension: 'txt', write: gradesAsText },
  json: { extension: 'json', write: gradesAsJson },
  junit: { extension: 'xml', write: gradesAsJunit },
  markdown: { extension: 'md', write: gradesAsMarkdown, writeOne: submissionAsMarkdown },
  csv: { extension: 'csv', write: gradesAsCsv },
  html: { extension: 'html', write: gradesAsHtml },
};
