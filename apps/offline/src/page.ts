// The page. The same script runs twice: in the page, where it shows, and in a worker made from its own text, where it verifies, so that
// the page stays alive meanwhile. Nothing leaves the computer: the security policy of the file forbids every connection.
import { startPage } from './opening.ts';
import { startWorker } from './worker.ts';

if (typeof document === 'undefined') startWorker();
else startPage(document.currentScript?.textContent ?? '');
