import type { Format, Style } from './print/table.ts';

/** `foreign`: psql has it, the sandbox does not. */
export type PsetResult = { ok: true; said: string | null } | { ok: false; message: string; foreign: boolean };

const BOOLEANS: Record<string, boolean> = {
  on: true,
  true: true,
  yes: true,
  '1': true,
  off: false,
  false: false,
  no: false,
  '0': false,
};

/** psql's booleans may be shortened: `t`, `y`, `of`. null for what is none. */
export function toBoolean(text: string): boolean | null {
  const typed = text.toLowerCase();
  if (typed === '' || typed === 'o') return null;
  const fit = Object.keys(BOOLEANS).find((word) => word.startsWith(typed));
  return fit === undefined ? null : (BOOLEANS[fit] ?? null);
}

const FORMATS: readonly Format[] = ['aligned', 'csv', 'unaligned'];
const FOREIGN_FORMATS = ['asciidoc', 'html', 'latex', 'latex-longtable', 'troff-ms', 'wrapped'];
/** Accepted without an effect: there is no pager here. */
const WITHOUT_EFFECT = ['pager_min_lines', 'columns'];
const FOREIGN = [
  'linestyle',
  'numericlocale',
  'tableattr',
  'T',
  'unicode_border_linestyle',
  'unicode_column_linestyle',
  'unicode_header_linestyle',
];

/** Sets one thing of how results look, as `\pset` and -P do. `said`: what psql tells about it. */
export function applyPset(style: Style, name: string, value: string | null): PsetResult {
  switch (name) {
    case 'format': {
      if (value === null) return said(`Output format is ${style.format}.`);
      const format = FORMATS.find((one) => one.startsWith(value));
      if (!format && FOREIGN_FORMATS.some((one) => one.startsWith(value)))
        return foreign(`\\pset format ${value}`);
      if (!format)
        return wrong(
          '\\pset: allowed formats are aligned, asciidoc, csv, html, latex, latex-longtable, troff-ms, unaligned, wrapped',
        );
      style.format = format;
      return said(`Output format is ${format}.`);
    }
    case 'border':
      if (value !== null)
        style.border = Math.min(2, Math.max(0, Number.parseInt(value, 10) || 0)) as Style['border'];
      return said(`Border style is ${style.border}.`);
    case 'x':
    case 'expanded':
    case 'vertical': {
      const on = value === null ? null : toBoolean(value);
      if (value === 'auto') style.expanded = 'auto';
      else if (value === null) style.expanded = style.expanded === 'off' ? 'on' : 'off';
      else if (on === null) return unrecognized(value, name, 'on, off, auto');
      else style.expanded = on ? 'on' : 'off';
      return said(
        style.expanded === 'auto'
          ? 'Expanded display is used automatically.'
          : `Expanded display is ${style.expanded}.`,
      );
    }
    case 't':
    case 'tuples_only':
      return toggle(style, 'tuplesOnly', value, name, 'Tuples only');
    case 'footer':
      return toggle(style, 'footer', value, name, 'Default footer');
    case 'null':
      if (value !== null) style.nullText = value;
      return said(`Null display is "${style.nullText}".`);
    case 'fieldsep':
      if (value !== null) style.fieldSeparator = value;
      return said(separator('Field separator', style.fieldSeparator));
    case 'fieldsep_zero':
      style.fieldSeparator = '\0';
      return said(separator('Field separator', '\0'));
    case 'recordsep':
      if (value !== null) style.recordSeparator = value;
      return said(separator('Record separator', style.recordSeparator));
    case 'recordsep_zero':
      style.recordSeparator = '\0';
      return said(separator('Record separator', '\0'));
    case 'csv_fieldsep':
      if (value !== null) {
        if ([...value].length !== 1) return wrong('\\pset: csv_fieldsep must be a single one-byte character');
        if (/["\n\r]/.test(value))
          return wrong('\\pset: csv_fieldsep cannot be a double quote, a newline, or a carriage return');
        style.csvSeparator = value;
      }
      return said(`Field separator for CSV is "${style.csvSeparator}".`);
    case 'pager':
      return said(pagerText(value));
    case 'title':
    case 'C':
      style.title = value;
      return said(value === null ? 'Title is unset.' : `Title is "${value}".`);
  }
  if (WITHOUT_EFFECT.includes(name)) return { ok: true, said: null };
  if (FOREIGN.includes(name)) return foreign(`\\pset ${name}`);
  return wrong(`\\pset: unknown option: ${name}`);
}

function toggle(
  style: Style,
  key: 'tuplesOnly' | 'footer',
  value: string | null,
  name: string,
  label: string,
): PsetResult {
  const on = value === null ? !style[key] : toBoolean(value);
  if (on === null) return wrong(`unrecognized value "${value}" for "${name}": Boolean expected`);
  style[key] = on;
  // psql tells it only where it had to toggle.
  return { ok: true, said: value === null ? `${label} is ${on ? 'on' : 'off'}.` : null };
}

function pagerText(value: string | null): string {
  if (value === 'always') return 'Pager is always used.';
  return toBoolean(value ?? 'off') ? 'Pager is used for long output.' : 'Pager usage is off.';
}

function separator(label: string, value: string): string {
  if (value === '\0') return `${label} is zero byte.`;
  return value === '\n' ? `${label} is <newline>.` : `${label} is "${value}".`;
}

const said = (text: string): PsetResult => ({ ok: true, said: text });
const wrong = (message: string): PsetResult => ({ ok: false, message, foreign: false });
const foreign = (what: string): PsetResult => ({
  ok: false,
  message: `the sandbox's psql does not know ${what}`,
  foreign: true,
});

const unrecognized = (value: string, name: string, available: string): PsetResult =>
  wrong(`unrecognized value "${value}" for "${name}"\nAvailable values are: ${available}.`);
