// `npm start`: does the main job on the example election that ships here, and leaves its report open at an address of this machine.
// `npm start -- --exit`, or OPENCANVASS_EXIT=1, does all of that, fetches its own page and record once, and ends.
import { run } from '../apps/cli/src/main.ts';
import { openRecord } from '../apps/cli/src/recordSource.ts';
import { servePage } from '../apps/cli/src/servePage.ts';
import { realWorld } from '../apps/cli/src/world.ts';
import { servedPage, thePage } from '../apps/offline/page.ts';

const record = 'cases/georgia-2020/record';
const exit = process.argv.includes('--exit') || process.env['OPENCANVASS_EXIT'] === '1';
const world = realWorld();

console.log(`$ opencanvass verify ${record}\n`);
const status = await run(['verify', record], world);
// 0: nothing fails; 1: the election has exceptions, as this one has. Anything else is a fault of the example or of ours.
if (status > 1) throw new Error(`the example record should verify; exit status ${status}`);

const files = await openRecord(world, record, () => {});
const serving = await servePage(servedPage(await thePage()), files, 0);
console.log(`\nThe report is open at ${serving.address}${exit ? '' : ' (stop with Ctrl-C)'}`);
if (exit) {
  const page = await (await fetch(serving.address)).text();
  const checkpoint = await fetch(`${serving.address}record/checkpoint`);
  if (!page.includes('OpenCanvass') || !checkpoint.ok)
    throw new Error('the page or its record could not be fetched');
  console.log(`fetched the page (${page.length} characters) and its record; done`);
} else await world.untilStopped();
await serving.close();
