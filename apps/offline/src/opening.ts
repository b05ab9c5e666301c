// Opening a record: from a folder, from a zip, by dropping either, or, where a server laid the page beside a record, from there.
import { pageWords } from '@opencanvass/evidence/sentences';
import type { PageWords } from '@opencanvass/evidence/sentences';
import { h } from './dom.ts';
import { report } from './report.ts';
import type { Said } from './report.ts';
import { askWorker } from './worker.ts';
import type { Answered, Asked } from './worker.ts';

export type Language = keyof typeof pageWords;

/** What the page shows now; changing the language draws it again. */
type State =
  | { readonly at: 'start' }
  | { readonly at: 'busy' }
  | { readonly at: 'refused'; readonly code: string; readonly found: string }
  | ({ readonly at: 'report' } & Said);

export function startPage(script: string): void {
  let state: State = { at: 'start' };
  let language: Language = navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en';
  const served = location.protocol.startsWith('http');

  const show = (next: State): void => {
    state = next;
    draw();
  };
  const draw = (): void => {
    const words = pageWords[language];
    document.documentElement.lang = language;
    document.body.replaceChildren(
      h('a', { class: 'skip', href: '#main' }, words.skip),
      heading(words, () => {
        language = language === 'en' ? 'es' : 'en';
        draw();
        document.getElementById('language')?.focus();
      }),
      h('main', { id: 'main', tabindex: -1, class: 'wrap' }, ...body(words)),
      h('footer', {}, h('div', { class: 'wrap' }, words.footer)),
    );
  };
  const body = (words: PageWords): HTMLElement[] => {
    switch (state.at) {
      case 'start':
        return [opener(words)];
      case 'busy':
        return [h('div', { class: 'status', role: 'status' }, words.verifying)];
      case 'refused':
        return [
          h(
            'div',
            { class: 'alert fails', role: 'alert' },
            h('h1', {}, words.refused),
            h('p', {}, words.refusals[state.code] ?? words.refusals['zip-truncated'], ` (${state.found})`),
          ),
          opener(words),
        ];
      case 'report':
        return [
          ...report(words, language, state),
          h(
            'p',
            {},
            h(
              'button',
              { type: 'button', class: 'button outline', onclick: () => show({ at: 'start' }) },
              words.openAnother,
            ),
          ),
        ];
    }
  };

  const ask = async (name: string, asked: Asked): Promise<void> => {
    show({ at: 'busy' });
    const answered: Answered = await askWorker(script, asked);
    show(
      answered.ok
        ? { at: 'report', name, verification: answered.verification }
        : { at: 'refused', ...answered },
    );
    document.getElementById('main')?.focus({ preventScroll: true });
  };
  const openZip = (file: File): Promise<void> => ask(file.name, { kind: 'zip', zip: file });
  const openFiles = async (files: readonly (readonly [path: string, file: File])[]): Promise<void> => {
    await ask(files[0]?.[0].split('/')[0] ?? '', { kind: 'picked', files: new Map(files) });
  };
  const openDropped = async (dropped: readonly DataTransferItem[]): Promise<void> => {
    const files = (await Promise.all(dropped.map(filesOf))).flat();
    const only = files.length === 1 ? files[0]![1] : undefined;
    await (only?.name.toLowerCase().endsWith('.zip') === true ? openZip(only) : openFiles(files));
  };

  const opener = (words: PageWords): HTMLElement => {
    const folder = h('input', {
      type: 'file',
      webkitdirectory: true,
      hidden: true,
      id: 'folder',
      onchange: () =>
        void openFiles([...folder.files!].map((f) => [f.webkitRelativePath || f.name, f] as const)),
    });
    const zip = h('input', {
      type: 'file',
      accept: '.zip,application/zip',
      hidden: true,
      id: 'zip',
      onchange: () => void (zip.files?.[0] !== undefined && openZip(zip.files[0])),
    });
    const drop: HTMLElement = h(
      'div',
      {
        class: 'drop',
        ondragover: (event) => {
          event.preventDefault();
          drop.classList.add('over');
        },
        ondragleave: () => drop.classList.remove('over'),
        ondrop: (event) => {
          event.preventDefault();
          void openDropped([...(event as DragEvent).dataTransfer!.items]);
        },
      },
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', class: 'button', onclick: () => folder.click() }, words.openFolder),
        h('button', { type: 'button', class: 'button outline', onclick: () => zip.click() }, words.openFile),
      ),
      h('p', { class: 'soft' }, words.drop),
      folder,
      zip,
    );
    return h(
      'div',
      {},
      state.at === 'start' && h('h1', {}, words.openTitle),
      h('p', { class: 'lead' }, words.openLead),
      drop,
      !served && h('p', { class: 'note' }, words.openPrivate),
    );
  };

  draw();
  if (served) void ask('record', { kind: 'address', address: new URL('record/', location.href).href });
}

const heading = (words: PageWords, otherLanguage: () => void): HTMLElement =>
  h(
    'header',
    { class: 'bar' },
    h(
      'div',
      { class: 'wrap' },
      h(
        'div',
        { class: 'left' },
        h('span', { class: 'wordmark' }, 'OpenCanvass'),
        h('span', { class: 'tagline' }, words.tagline),
      ),
      h(
        'button',
        {
          type: 'button',
          id: 'language',
          lang: words.language === 'English' ? 'es' : 'en',
          onclick: otherLanguage,
        },
        words.otherLanguage,
      ),
    ),
  );

/** The files of one thing that was dropped: a folder's with their paths, or the file. */
function filesOf(item: DataTransferItem): Promise<(readonly [string, File])[]> {
  // Both must be asked for before the event ends; afterwards the item is empty.
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  if (entry !== null) return filesUnder(entry);
  return Promise.resolve(file === null ? [] : [[file.name, file] as const]);
}

/** All files under a folder, with their paths. */
async function filesUnder(entry: FileSystemEntry): Promise<(readonly [string, File])[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [[entry.fullPath.replace(/^\//, ''), file]];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    // A browser gives a folder's entries a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(filesUnder))).flat();
}
