/** What XML 1.0 can't hold in any form, not even as a reference. */
const ILLEGAL = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or an attribute in quotes, of HTML and of XML. `]]>` is harmless too: its `>` is escaped. */
export function escapeMarkup(text: string): string {
  return text.replace(ILLEGAL, '').replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');
}

/** Attributes in the order given; a line break is kept, which a parser would else read as a space. */
export function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value)).replace(/\s/g, spaceReference)}"`)
    .join('');
}

function spaceReference(space: string): string {
  return space === ' ' ? ' ' : `&#${space.charCodeAt(0)};`;
}
