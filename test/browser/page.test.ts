import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Grades } from '../../src/grade/types.ts';
import { gradesAsHtml } from '../../src/report/grades/html.ts';
import { gradesAsJunit } from '../../src/report/grades/junit.ts';
import { browserPath } from '../helpers/browser.ts';
import { CLASS } from '../helpers/class.ts';
import { contrast } from '../helpers/contrast.ts';
import { graded, gradedLesson, gradesOf, refused, remark, run } from '../helpers/grades.ts';

const ATTACK = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

/** All texts of a submission are the attack. */
const ATTACKED: Grades = gradesOf([
  graded(
    ATTACK,
    {
      1: gradedLesson(1, ['failed', 'error'], {
        title: ATTACK,
        probe: ATTACK,
        saw: ATTACK,
        wanted: ATTACK,
        why: ATTACK,
      }),
    },
    {
      remarks: [remark({ where: ATTACK, message: ATTACK })],
      runs: [run(ATTACK, { exitCode: 1, output: { text: `]]></pre>${ATTACK}`, bytes: 1, cut: 0 } })],
    },
  ),
  graded('ada'),
]);

let browser: Browser;
let folder: string;
const pages: Page[] = [];

beforeAll(async () => {
  const executablePath = browserPath();
  if (!executablePath) throw new Error('No Chromium is on the PATH. On Debian: apt-get install chromium.');
  // Chromium's own sandbox refuses to start as root, and where a CI machine forbids user namespaces.
  const alone = process.getuid?.() === 0 || process.env.CI ? ['--no-sandbox'] : [];
  browser = await launch({ executablePath, args: alone });
  folder = await mkdtemp(join(tmpdir(), 'walkthrough-page-'));
});

afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()));
});

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

interface Opened {
  page: Page;
  /** Of the console, of scripts, and of what the policy of the page refused. */
  errors: string[];
  requests: string[];
  url: string;
  /** What an expression says in the page. */
  ask<T>(expression: string): Promise<T>;
}

interface Options {
  width?: number;
  scheme?: 'light' | 'dark';
}

async function open(html: string, { width = 1280, scheme = 'light' }: Options = {}): Promise<Opened> {
  const file = join(folder, 'grades.html');
  await writeFile(file, html);
  const url = pathToFileURL(file).href;
  const page = await browser.newPage();
  pages.push(page);
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(url, { waitUntil: 'networkidle0' });
  return { page, errors, requests, url, ask: (expression) => page.evaluate(expression) as Promise<never> };
}

interface Box {
  scroll: number;
  client: number;
}

const boxOf = (selector: string) =>
  `(({ scrollWidth, clientWidth }) => ({ scroll: scrollWidth, client: clientWidth }))(document.querySelector('${selector}'))`;

describe('the page of a class', () => {
  it.each(['light', 'dark'] as const)('asks for nothing and complains of nothing, %s', async (scheme) => {
    const { errors, requests, url } = await open(gradesAsHtml(CLASS), { scheme });
    expect(requests).toEqual([url]);
    expect(errors).toEqual([]);
  });

  it.each([1280, 400])(
    'shows the class at a width of %d, and is not wider than the window',
    async (width) => {
      const { page, ask } = await open(gradesAsHtml(CLASS), { width });
      await ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      const whole = await ask<Box>(boxOf('html'));
      expect(whole.scroll).toBeLessThanOrEqual(width);
      const names = await page.$$('.class tbody .name');
      expect(names).toHaveLength(CLASS.submissions.length);
      for (const name of names) expect(await name.isVisible()).toBe(true);
      expect(await ask<string>("document.querySelector('.class .name a').textContent")).toBe('ada-lovelace');
    },
  );

  it('lets the table scroll in its own box on a phone, and keeps the name in sight', async () => {
    const { ask } = await open(gradesAsHtml(CLASS), { width: 400 });
    const { scroll, client } = await ask<Box>(boxOf('.scroll'));
    expect(scroll).toBeGreaterThan(client);
    await ask("document.querySelector('.scroll').scrollLeft = 10000");
    const [box, name, last] = await ask<DOMRectLike[]>(
      "['.scroll', '.class tbody .name', '.class tbody tr td:last-child'].map((one) => document.querySelector(one).getBoundingClientRect().toJSON())",
    );
    expect(name?.left).toBeGreaterThanOrEqual(box?.left ?? Number.NaN);
    expect(name?.left).toBeLessThan((box?.left ?? Number.NaN) + 10);
    expect(last?.right).toBeLessThanOrEqual(box?.right ?? Number.NaN);
  });

  it('unfolds the evidence by keyboard, from its own line and from the name in the table', async () => {
    const { page, ask } = await open(gradesAsHtml(CLASS));
    const opened = () =>
      ask<number[]>("[...document.querySelectorAll('.student')].flatMap((one, at) => one.open ? [at] : [])");
    expect(await opened()).toEqual([]);
    const reach = async (selector: string) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (await ask<boolean>(`document.activeElement.matches('${selector}')`)) return;
      }
      throw new Error(`the keyboard does not reach ${selector}`);
    };
    await reach('.class a[href="#s2"]');
    await page.keyboard.press('Enter');
    await page.waitForFunction("document.querySelectorAll('.student')[1].open");
    expect(await opened()).toEqual([1]);
    await reach('.student:nth-of-type(3) > summary');
    await page.keyboard.press('Space');
    expect(await opened()).toEqual([1, 2]);
    await page.keyboard.press('Space');
    expect(await opened()).toEqual([1]);
  });

  it('has names for tables and their heads, and headings without a gap', async () => {
    const { ask } = await open(gradesAsHtml(CLASS));
    const levels = await ask<number[]>(
      "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(({ tagName }) => Number(tagName[1]))",
    );
    expect(levels[0]).toBe(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(await ask<number>("document.querySelectorAll('th:not([scope])').length")).toBe(0);
    expect(await ask<string>('document.documentElement.lang')).toBe('en');
    const cells = await ask<string[]>(
      "[...document.querySelectorAll('.class tbody tr:nth-child(2) .cell')].map((one) => one.textContent)",
    );
    expect(cells[7]).toBe('✖Not yet, 9 of 18');
    expect(cells[8]).toBe('↺Full points after an earlier mistake was repaired, 16 of 16');
    expect(cells[9]).toBe('⊘Blocked, 0 of 8');
  });

  it('prints the evidence that is folded on the screen', async () => {
    const { page, ask } = await open(gradesAsHtml(CLASS));
    const heights = () =>
      ask<number[]>(
        "[...document.querySelectorAll('.student > .evidence')].map((one) => one.checkVisibility({ contentVisibilityAuto: true }) ? one.offsetHeight : 0)",
      );
    expect(Math.max(...(await heights()))).toBe(0);
    await page.emulateMediaType('print');
    expect(Math.min(...(await heights()))).toBeGreaterThan(20);
  });

  it('prints the class on a sheet of A4, with no column cut off', async () => {
    // 21 cm less the margins of the page, at 96 dots an inch.
    const width = 687;
    const { page, ask } = await open(gradesAsHtml(CLASS), { width });
    await page.emulateMediaType('print');
    expect((await ask<Box>(boxOf('html'))).scroll).toBeLessThanOrEqual(width);
    expect(await ask<number>("document.querySelector('.class').offsetWidth")).toBeLessThanOrEqual(width);
  });
});

interface DOMRectLike {
  left: number;
  right: number;
}

interface Shown {
  text: string;
  colour: string;
  ground: string;
}

/** Every element with text of its own: its colour, and that of the nearest ground that is not clear. */
const SHOWN = `(() => {
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'none';
  };
  return [...document.body.querySelectorAll('*')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .map((one) => ({ text: one.textContent, colour: getComputedStyle(one).color, ground: ground(one) }));
})()`;

describe.each(['light', 'dark'] as const)('the colours of the %s scheme', (scheme) => {
  it('give all text a contrast of 4.5 to 1 or more', async () => {
    const lesson = gradedLesson(2, ['error', 'error']);
    const skipped = {
      ...gradedLesson(4, ['passed', 'passed']),
      state: 'skipped' as const,
      points: 0,
      checks: [],
    };
    const more = graded('every state', { 2: lesson, 4: skipped });
    const submissions = [...CLASS.submissions, more, refused('nothing'), refused('too much', 'archive-bomb')];
    const grades = { ...CLASS, endedAt: null, leftOut: ['a.pdf'], submissions };
    const { ask } = await open(gradesAsHtml(grades), { scheme });
    const shown = await ask<Shown[]>(SHOWN);
    const grounds = new Set(shown.map(({ ground }) => ground));
    // The page, the paper, and six states at the least: else this looks at nothing.
    expect(grounds.size).toBeGreaterThanOrEqual(8);
    const weak = shown.filter(({ colour, ground }) => contrast(colour, ground) < 4.5);
    expect(weak).toEqual([]);
  });

  it('are those of the scheme', async () => {
    const { ask } = await open(gradesAsHtml(CLASS), { scheme });
    const ground = await ask<string>('getComputedStyle(document.body).backgroundColor');
    expect(contrast(ground, 'rgb(0, 0, 0)') > 10).toBe(scheme === 'light');
  });
});

describe('a page about hostile work', () => {
  const STATE = `({ title: document.title, images: document.images.length, scripts: document.scripts.length })`;

  it('shows the attack as text, and runs nothing', async () => {
    const { ask, errors, requests, url } = await open(gradesAsHtml(ATTACKED));
    await ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    const title = `Grades: ${ATTACKED.course.title}`;
    expect(await ask(STATE)).toEqual({ title, images: 0, scripts: 0 });
    expect(await ask<string>("document.querySelector('.class tbody .name').textContent")).toBe(ATTACK);
    expect(await ask<string>("document.querySelector('pre').textContent")).toBe(`]]></pre>${ATTACK}`);
    expect(requests).toEqual([url]);
    expect(errors).toEqual([]);
  });

  it('would run nothing even where an attack got through', async () => {
    const html = gradesAsHtml(gradesOf([graded('ada')])).replace('<bdi>ada</bdi>', `<bdi>${ATTACK}</bdi>`);
    const { ask, errors } = await open(html);
    const title = `Grades: ${ATTACKED.course.title}`;
    expect(await ask(STATE)).toEqual({ title, images: 1, scripts: 1 });
    expect(errors.join('\n')).toContain('Content Security Policy');
    // Without the policy it does run: this test can see it.
    const bare = await open(html.replace(/<meta http-equiv[^>]*>/, ''));
    expect(await bare.ask<string>('document.title')).toBe('owned');
  });

  it('is XML that a browser reads, as JUnit', async () => {
    const { ask } = await open(gradesAsHtml(ATTACKED));
    const found = await ask<object>(
      `((xml) => ({ broken: xml.querySelectorAll('parsererror').length, failures: xml.querySelectorAll('failure').length, name: xml.querySelector('testsuite').getAttribute('name') }))(new DOMParser().parseFromString(${JSON.stringify(gradesAsJunit(ATTACKED))}, 'application/xml'))`,
    );
    expect(found).toEqual({ broken: 0, failures: 1, name: ATTACK });
  });
});
