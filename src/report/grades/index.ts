import type { Grades } from '../../grade/types.ts';
import { gradesAsCsv } from './csv.ts';
import { gradesAsHtml } from './html.ts';
import { gradesAsJson } from './json.ts';
import { gradesAsJunit } from './junit.ts';
import { gradesAsMarkdown } from './markdown.ts';
import { gradesAsText } from './text.ts';

export type ReportFormat = 'text' | 'json' | 'junit' | 'markdown' | 'csv' | 'html';

/** Every form in which grades are written; `extension` has no dot before it. All are made from the record alone. */
export const REPORTS: Record<ReportFormat, { extension: string; write(grades: Grades): string }> = {
  text: { extension: 'txt', write: gradesAsText },
  json: { extension: 'json', write: gradesAsJson },
  junit: { extension: 'xml', write: gradesAsJunit },
  markdown: { extension: 'md', write: gradesAsMarkdown },
  csv: { extension: 'csv', write: gradesAsCsv },
  html: { extension: 'html', write: gradesAsHtml },
};
